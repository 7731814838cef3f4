package chorale.protocol.bus;

/**
 * The look-out of a service for another process that runs under its name, and so under its client
 * id: the two take the connection from each other without end. A lost connection alone proves
 * nothing, since a broker that was stopped may end the wrong one of two attempts; nor does an
 * announcement, which may be of an earlier run. Both in turn, twice, do. One owning thread.
 */
public final class NameClash {
  private static final int PROOFS = 2;

  private final String what;
  private final long session;
  private boolean heard;
  private int proofs;

  /**
   * @param what the service, for people
   * @param session its own
   */
  public NameClash(String what, long session) {
    this.what = what;
    this.session = session;
  }

  /** The announcement of a service of this name. */
  public void hear(long announcedSession) {
    heard |= announcedSession != session;
  }

  /**
   * The connection is lost.
   *
   * @throws ServiceEndedException another process of this name is there
   */
  public void disconnected() throws ServiceEndedException {
    proofs = heard ? proofs + 1 : 0;
    heard = false;
    if (proofs == PROOFS) {
      throw new ServiceEndedException(
          what
              + " ends: another process of this name is connected, and each throws the other out"
              + " (give each a name of its own with --name)");
    }
  }
}
