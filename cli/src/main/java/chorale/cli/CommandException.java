package chorale.cli;

/** A command cannot go on; the text, one line, is for the user, and the code for the shell. */
public final class CommandException extends Exception {
  private final int exitCode;

  private CommandException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** What the user asked for cannot be: names what was wrong and what is allowed. */
  public static CommandException mistake(String message) {
    return new CommandException(ExitCodes.MISTAKE, message);
  }

  /** {@code OPTION: 'VALUE'; allowed: ALLOWED}. */
  public static CommandException refused(String option, Object value, String allowed) {
    return mistake("%s: '%s'; allowed: %s".formatted(option, value, allowed));
  }

  /** What was asked for did not work out. */
  public static CommandException failure(String message) {
    return new CommandException(ExitCodes.FAILURE, message);
  }

  public int exitCode() {
    return exitCode;
  }
}
