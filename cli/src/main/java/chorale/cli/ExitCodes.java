package chorale.cli;

/** Exit codes of {@code chorale}. */
public final class ExitCodes {
  public static final int OK = 0;

  /** The command failed: a failed check, a connection that the broker ended, a bug. */
  public static final int FAILURE = 1;

  /** A mistake of the user in a flag, a setting or a file. */
  public static final int MISTAKE = 2;

  /** Of {@code status}: something is missing, but frames are answered. */
  public static final int DEGRADED = 3;

  /** Of {@code status}: frames are not answered. */
  public static final int DOWN = 4;

  private ExitCodes() {}
}
