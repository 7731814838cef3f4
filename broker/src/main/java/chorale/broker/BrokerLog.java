package chorale.broker;

import chorale.protocol.Ticker;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Reports what the broker refuses: once for each client and kind in ten minutes, and at most
 * {@value #MAX_REPORTS} lines in that time, so that no client can fill the memory or the log. Safe
 * for several threads.
 */
final class BrokerLog {
  static final int MAX_REPORTS = 200;

  private static final Logger LOG = System.getLogger(EmbeddedBroker.class.getName());
  private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(10);
  private static final int MAX_SHOWN = 120;

  private final Ticker ticker;

  // Guarded by this.
  private final Set<String> reported = new HashSet<>();
  private long sinceNanos;

  BrokerLog(Ticker ticker) {
    this.ticker = ticker;
    this.sinceNanos = ticker.nanos();
  }

  /**
   * Logs the line unless one of this kind about this client was logged before.
   *
   * @param kind such as {@code publish}
   * @param who identifies the client: its id, or name and address
   */
  void warn(String kind, String who, String line) {
    report(Level.WARNING, kind, who, line);
  }

  /** The same for what is mended without harm. */
  void info(String kind, String who, String line) {
    report(Level.INFO, kind, who, line);
  }

  private void report(Level level, String kind, String who, String line) {
    int count;
    synchronized (this) {
      long now = ticker.nanos();
      if (now - sinceNanos >= WINDOW_NANOS) {
        sinceNanos = now;
        reported.clear();
      }
      if (reported.size() > MAX_REPORTS || !reported.add(kind + ' ' + shown(who))) {
        return;
      }
      count = reported.size();
    }
    if (count <= MAX_REPORTS) {
      LOG.log(level, line);
    } else {
      LOG.log(Level.WARNING, "more reports about clients are left out for ten minutes");
    }
  }

  /** A text from the network, fit for one line of a log. */
  static String shown(String text) {
    String line = text.replaceAll("\\p{C}", "?");
    return line.length() <= MAX_SHOWN ? line : line.substring(0, MAX_SHOWN) + "...";
  }
}
