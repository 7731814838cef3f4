package chorale.protocol.bus;

/**
 * A detector of another process with the same name. Both then have the same client id and
 * disconnect each other in an endless loop. A lost connection alone proves nothing: a broker that
 * was suspended can end the wrong one of two connection attempts. An announcement alone proves
 * nothing either: it can be from an earlier run. The detector requires an announcement followed by
 * a disconnect, twice in a row. Used by one thread.
 */
public final class NameClash {
  private static final int PROOFS = 2;

  private final String what;
  private final long session;
  private boolean heard;
  private int proofs;

  /**
   * @param what the service, for messages
   * @param session the service's own session
   */
  public NameClash(String what, long session) {
    this.what = what;
    this.session = session;
  }

  /** Records an announcement of a service with this name. */
  public void hear(long announcedSession) {
    heard |= announcedSession != session;
  }

  /**
   * Records a lost connection.
   *
   * @throws ServiceEndedException if another process uses this name
   */
  public void disconnected() throws ServiceEndedException {
    proofs = heard ? proofs + 1 : 0;
    heard = false;
    if (proofs == PROOFS) {
      throw new ServiceEndedException(
          what
              + " ends: another process of this name is connected, and each disconnects the other"
              + " (give each a different name with --name)");
    }
  }
}
