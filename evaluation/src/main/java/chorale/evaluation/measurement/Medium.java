package chorale.evaluation.measurement;

/**
 * Something that carries packets one after the other, so many bits a second: a radio channel that
 * boards share, or one direction of a cable. Safe for several threads.
 */
final class Medium {
  private final double nanosPerByte;
  private long freeNanos = System.nanoTime();

  /**
   * @param megabits a second, of 10^6 bits
   */
  Medium(double megabits) {
    this.nanosPerByte = 8_000 / megabits;
  }

  /**
   * Takes the next free time for a packet.
   *
   * @return when its last byte has passed, by {@link System#nanoTime}
   */
  synchronized long carry(int bytes) {
    long now = System.nanoTime();
    long begin = freeNanos - now > 0 ? freeNanos : now;
    freeNanos = begin + Math.round(bytes * nanosPerByte);
    return freeNanos;
  }
}
