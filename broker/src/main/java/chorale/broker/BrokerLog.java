package chorale.broker;

import chorale.protocol.Ticker;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A rate-limited log of refusals: one line per client and kind in 10 minutes. At most {@value
 * #MAX_IDS} client ids of one user at one address are reported, since many programs use a new id
 * each time. At most {@value #MAX_REPORTS} lines are written in that time, so that no client can
 * fill the memory or the log. Thread-safe.
 */
final class BrokerLog {
  static final int MAX_REPORTS = 200;
  static final int MAX_IDS = 3;

  private static final Logger LOG = System.getLogger(EmbeddedBroker.class.getName());
  private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(10);
  private static final int MAX_SHOWN = 120;

  private final Ticker ticker;

  // Guarded by this.
  private final Set<String> reported = new HashSet<>();
  private final Map<String, Integer> ids = new HashMap<>();
  private long sinceNanos;

  BrokerLog(Ticker ticker) {
    this.ticker = ticker;
    this.sinceNanos = ticker.nanos();
  }

  /**
   * Logs the line unless one of the same kind and client was logged before.
   *
   * @param kind such as {@code publish}
   * @param who without a client id if the id is not significant
   * @return whether it was logged
   */
  boolean warn(String kind, Who who, String line) {
    return report(Level.WARNING, kind, who, line);
  }

  /** Logs something that was corrected without harm, under the same limits. */
  void info(String kind, Who who, String line) {
    report(Level.INFO, kind, who, line);
  }

  private boolean report(Level level, String kind, Who who, String line) {
    String group = shown(kind + ' ' + who.user().orElse("") + '@' + who.address());
    int count;
    synchronized (this) {
      long now = ticker.nanos();
      if (now - sinceNanos >= WINDOW_NANOS) {
        sinceNanos = now;
        reported.clear();
        ids.clear();
      }
      boolean silent = reported.size() > MAX_REPORTS || ids.getOrDefault(group, 0) >= MAX_IDS;
      if (silent || !reported.add(group + ' ' + shown(who.clientId()))) {
        return false;
      }
      ids.merge(group, 1, Integer::sum);
      count = reported.size();
    }
    if (count > MAX_REPORTS) {
      LOG.log(Level.WARNING, "further reports about clients are suppressed for up to 10 minutes");
      return false;
    }
    LOG.log(level, line);
    return true;
  }

  /** Makes text from the network safe for one line of a log. */
  static String shown(String text) {
    String line = text.replaceAll("\\p{C}", "?");
    return line.length() <= MAX_SHOWN ? line : line.substring(0, MAX_SHOWN) + "...";
  }
}
