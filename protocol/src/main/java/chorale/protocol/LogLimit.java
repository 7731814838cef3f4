package chorale.protocol;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * A limit for log lines about what others send: one line for each subject in ten minutes, and at
 * most {@value #MAX_LINES} in that time. One owning thread.
 */
public final class LogLimit {
  public static final int MAX_LINES = 100;
  public static final Duration SPAN = Duration.ofMinutes(10);

  private final Set<String> logged = new HashSet<>();
  private long begunNanos;

  /** Whether the line is to be written now. */
  public boolean allows(String subject, long nowNanos) {
    if (logged.isEmpty() || nowNanos - begunNanos >= SPAN.toNanos()) {
      logged.clear();
      begunNanos = nowNanos;
    }
    return logged.size() < MAX_LINES && logged.add(subject);
  }
}
