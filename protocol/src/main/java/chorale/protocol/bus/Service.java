package chorale.protocol.bus;

/**
 * A role that lives from one inbox, in turns. One thread owns it; a main calls {@link #runOnce},
 * waits on {@link #inbox} for what comes next, and begins again.
 */
public interface Service extends AutoCloseable {

  /**
   * One turn: drain the inbox, act, close what is due. Never waits.
   *
   * @return nanoseconds until the next turn is due even if nothing arrives, at least 0
   * @throws ServiceEndedException the process should end, and why
   */
  long runOnce() throws ServiceEndedException;

  Inbox inbox();

  /** Begins an orderly stop: finishes what others wait for and takes nothing new on. */
  default void leave() {}

  /** Whether an orderly stop that was begun may end; turns go on until then. */
  default boolean hasLeft() {
    return true;
  }

  /** Says farewell on the bus and frees everything. */
  @Override
  void close();
}
