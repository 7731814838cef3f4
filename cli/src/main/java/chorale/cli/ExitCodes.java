package chorale.cli;

/** What {@code chorale} tells the shell. */
public final class ExitCodes {
  public static final int OK = 0;

  /** The command ran and did not succeed: a check failed, the broker took us off, a bug. */
  public static final int FAILURE = 1;

  /** The user's mistake: a flag, a setting, a file. */
  public static final int MISTAKE = 2;

  /** Of {@code status}: something is missing, and frames are answered all the same. */
  public static final int DEGRADED = 3;

  /** Of {@code status}: frames are not answered. */
  public static final int DOWN = 4;

  private ExitCodes() {}
}
