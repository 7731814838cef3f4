package chorale.cli;

/** An error that ends a command: a message of one line for the user, and an exit code. */
public final class CommandException extends Exception {
  private final int exitCode;

  private CommandException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** Returns a mistake of the user; the message names the wrong value and what is allowed. */
  public static CommandException mistake(String message) {
    return new CommandException(ExitCodes.MISTAKE, message);
  }

  /** Returns a mistake with the message {@code OPTION: 'VALUE'; allowed: ALLOWED}. */
  public static CommandException refused(String option, Object value, String allowed) {
    return mistake("%s: '%s'; allowed: %s".formatted(option, value, allowed));
  }

  /** Returns a failure of the command itself. */
  public static CommandException failure(String message) {
    return new CommandException(ExitCodes.FAILURE, message);
  }

  public int exitCode() {
    return exitCode;
  }
}
