package chorale.imaging;

import java.util.concurrent.Semaphore;

/**
 * A lock that lets one thread of the process at a time decode an image that needs much memory at
 * once. Closed by the thread that acquired it.
 */
final class LargeDecodeLock implements AutoCloseable {
  /** Images that need no more are decoded without the lock. */
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
