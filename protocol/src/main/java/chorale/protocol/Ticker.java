package chorale.protocol;

/**
 * A monotonic source of time in nanoseconds with an arbitrary origin; compare two readings by
 * subtraction. Mains hand in {@code System::nanoTime}, tests a clock they turn by hand.
 */
@FunctionalInterface
public interface Ticker {
  long nanos();
}
