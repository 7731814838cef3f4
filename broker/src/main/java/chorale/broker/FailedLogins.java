package chorale.broker;

import chorale.protocol.Ticker;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A throttle of failed logins by address. The first {@value #FREE} failures are answered at once;
 * then the delay grows with each failure, up to {@value #LONGEST_MILLIS} ms. From {@value #FREE}
 * failures on, an address may have only {@value #AT_ONCE} logins at a time, so that more
 * connections do not allow more guesses. User names are not locked: an attacker could otherwise
 * lock their owners out. Thread-safe.
 */
final class FailedLogins {
  /** Number of failures that are answered without a delay. */
  static final int FREE = 3;

  /** Maximum number of simultaneous logins of an address with at least {@link #FREE} failures. */
  static final int AT_ONCE = 4;

  /** Less than the 5 s that Chorale's clients wait for an answer. */
  static final long LONGEST_MILLIS = 4_000;

  static final int MAX_ADDRESSES = 10_000;

  /**
   * Number of simultaneous logins of all addresses. Once it is reached, logins of addresses with at
   * least {@link #FREE} failures are refused.
   */
  static final int MAX_PENDING = 1_000;

  private static final Logger LOG = System.getLogger(EmbeddedBroker.class.getName());
  private static final long FIRST_MILLIS = 250;
  private static final long FORGET_NANOS = TimeUnit.MINUTES.toNanos(10);
  private static final long REPORT_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final int MAX_LINES = 20;

  private final Ticker ticker;

  // Guarded by this.
  private final Map<String, Source> sources =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Source> eldest) {
          return size() > MAX_ADDRESSES;
        }
      };
  private int pending;
  private long failures;
  private long reportedNanos;

  private static final class Source {
    private int failures;
    private int pending;
    private int unreported;
    private long failedNanos;
    private String why = "";
  }

  FailedLogins(Ticker ticker) {
    this.ticker = ticker;
    this.reportedNanos = ticker.nanos();
  }

  /**
   * Returns the address to count; for IPv6 its /64 network, because one subnet has 2^64 addresses.
   */
  static String source(Optional<InetAddress> address) {
    if (address.isPresent() && address.get() instanceof Inet6Address six) {
      byte[] network = Arrays.copyOf(Arrays.copyOf(six.getAddress(), 8), 16);
      return text(network) + "/64";
    }
    return address.map(InetAddress::getHostAddress).orElse("?");
  }

  private static String text(byte[] network) {
    try {
      return InetAddress.getByAddress(network).getHostAddress();
    } catch (java.net.UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns whether the login is processed; if so, call {@link #end} after its answer. */
  synchronized boolean begin(String address) {
    Source source = sources.computeIfAbsent(address, any -> new Source());
    if (source.failures >= FREE && (source.pending >= AT_ONCE || pending >= MAX_PENDING)) {
      failures++;
      source.unreported++;
      source.why = "too many at once";
      return false;
    }
    source.pending++;
    pending++;
    return true;
  }

  /**
   * Counts a failure.
   *
   * @param reported whether it was logged separately
   * @return delay of the answer in milliseconds
   */
  synchronized long fail(String address, String why, boolean reported) {
    Source source = sources.computeIfAbsent(address, any -> new Source());
    failures++;
    source.failures++;
    source.failedNanos = ticker.nanos();
    source.why = why;
    if (!reported) {
      source.unreported++;
    }
    int more = source.failures - FREE;
    return more <= 0 ? 0 : Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(more - 1, 16));
  }

  /** Records that the login is answered. */
  synchronized void end(String address) {
    pending--;
    Source source = sources.get(address);
    if (source != null && --source.pending <= 0 && source.failures == 0) {
      sources.remove(address);
    }
  }

  /** Returns the number of all failures. */
  synchronized long count() {
    return failures;
  }

  /**
   * Once a minute, logs a line for each address with unreported refusals, at most {@value
   * #MAX_LINES}, and forgets addresses without recent failures.
   */
  synchronized void report() {
    long now = ticker.nanos();
    if (now - reportedNanos < REPORT_NANOS) {
      return;
    }
    reportedNanos = now;
    int lines = 0;
    for (Map.Entry<String, Source> each : sources.entrySet()) {
      Source source = each.getValue();
      if (source.unreported > 0 && lines++ < MAX_LINES) {
        LOG.log(
            Level.WARNING,
            "refused {0} more logins from {1} in the last minute (the last: {2}); repeated failures are"
                + " answered with a delay",
            source.unreported,
            each.getKey(),
            source.why);
      }
      source.unreported = 0;
    }
    if (lines > MAX_LINES) {
      LOG.log(Level.WARNING, "refused logins from {0} more addresses", lines - MAX_LINES);
    }
    sources.values().removeIf(each -> each.pending <= 0 && now - each.failedNanos > FORGET_NANOS);
  }
}
