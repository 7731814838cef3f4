package chorale.protocol.bus;

/**
 * A service driven by one inbox in an event loop. One thread owns it and repeats two steps: call
 * {@link #runOnce}, then wait on {@link #inbox}.
 */
public interface Service extends AutoCloseable {

  /**
   * Runs one turn: drains the inbox, acts, closes what is due. Never waits.
   *
   * @return nanoseconds until the next turn is due even if nothing arrives, at least 0
   * @throws ServiceEndedException if the process should exit; the message says why
   */
  long runOnce() throws ServiceEndedException;

  Inbox inbox();

  /** Starts a graceful shutdown: finishes open work and accepts no new work. */
  default void leave() {}

  /** Returns whether a graceful shutdown is complete; turns continue until then. */
  default boolean hasLeft() {
    return true;
  }

  /** Closes the connection (see {@link Bus#close}) and frees all resources. */
  @Override
  void close();
}
