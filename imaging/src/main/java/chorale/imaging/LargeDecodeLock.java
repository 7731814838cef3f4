package chorale.imaging;

import java.util.concurrent.Semaphore;

/**
 * A lock that serializes decoding of images with a large memory need, for the whole process. The
 * thread that acquired it must close it.
 */
final class LargeDecodeLock implements AutoCloseable {
  /** Images up to this size in memory are decoded without the lock. */
  static final int LIGHT_BYTES = 16 << 20;

  private static final Semaphore TURN = new Semaphore(1);

  private final boolean heavy;

  private LargeDecodeLock(boolean heavy) {
    this.heavy = heavy;
  }

  /** Waits for the lock if the image needs it. */
  static LargeDecodeLock begin(long heldBytes) {
    boolean heavy = heldBytes > LIGHT_BYTES;
    if (heavy) {
      TURN.acquireUninterruptibly();
    }
    return new LargeDecodeLock(heavy);
  }

  @Override
  public void close() {
    if (heavy) {
      TURN.release();
    }
  }
}
