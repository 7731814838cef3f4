package chorale.dashboard;

import chorale.protocol.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A manual clock and ticker for tests. */
final class HandTime extends Clock implements Ticker {
  private Instant now = Instant.parse("2026-11-23T12:00:00Z");
  private long nanos = Long.MAX_VALUE - 1_000; // tests comparisons across the overflow

  void pass(Duration time) {
    now = now.plus(time);
    nanos += time.toNanos();
  }

  void passMillis(long millis) {
    pass(Duration.ofMillis(millis));
  }

  @Override
  public long nanos() {
    return nanos;
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("one zone");
  }
}
