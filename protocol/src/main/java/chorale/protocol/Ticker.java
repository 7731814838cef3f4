package chorale.protocol;

/**
 * A monotonic clock in nanoseconds with an arbitrary origin; compare readings by subtraction.
 * Production code uses {@code System::nanoTime}, tests a manual clock.
 */
@FunctionalInterface
public interface Ticker {
  long nanos();
}
