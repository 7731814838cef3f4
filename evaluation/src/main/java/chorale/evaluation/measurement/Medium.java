package chorale.evaluation.measurement;

/**
 * A serial transmission medium of fixed rate: a radio channel shared by boards, or one direction of
 * a cable. Thread-safe.
 */
final class Medium {
  private final double nanosPerByte;
  private long freeNanos = System.nanoTime();

  /**
   * @param megabits per second, of 10^6 bits
   */
  Medium(double megabits) {
    this.nanosPerByte = 8_000 / megabits;
  }

  /**
   * Reserves the next free time slot for a packet.
   *
   * @return {@link System#nanoTime} at which its last byte has passed
   */
  synchronized long carry(int bytes) {
    long now = System.nanoTime();
    long begin = freeNanos - now > 0 ? freeNanos : now;
    freeNanos = begin + Math.round(bytes * nanosPerByte);
    return freeNanos;
  }
}
