package chorale.protocol;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * A rate limit for log lines that external messages cause: one line for each subject in 10 min, and
 * at most {@value #MAX_LINES} lines in that time. Used by one thread.
 */
public final class LogLimit {
  public static final int MAX_LINES = 100;
  public static final Duration SPAN = Duration.ofMinutes(10);

  private final Set<String> logged = new HashSet<>();
  private long begunNanos;

  /** Returns whether to log the line now. */
  public boolean allows(String subject, long nowNanos) {
    if (logged.isEmpty() || nowNanos - begunNanos >= SPAN.toNanos()) {
      logged.clear();
      begunNanos = nowNanos;
    }
    return logged.size() < MAX_LINES && logged.add(subject);
  }
}
