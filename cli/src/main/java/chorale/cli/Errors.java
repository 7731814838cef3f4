package chorale.cli;

import chorale.config.SettingsException;
import chorale.protocol.bus.ServiceEndedException;
import chorale.site.SiteException;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The error handler of all commands: prints one line to standard error and returns the exit code.
 * Prints a stack trace only for a bug in Chorale. Stateless.
 */
public final class Errors {
  private Errors() {}

  public static int tell(Throwable error, PrintWriter err) {
    if (error instanceof CommandException command) {
      line(err, command.getMessage());
      return command.exitCode();
    }
    if (error instanceof SettingsException) {
      line(err, error.getMessage());
      return ExitCodes.MISTAKE;
    }
    if (error instanceof ServiceEndedException || error instanceof SiteException) {
      line(err, error.getMessage());
      return ExitCodes.FAILURE;
    }
    line(err, "a bug in Chorale; please report the following lines");
    error.printStackTrace(err);
    err.flush();
    return ExitCodes.FAILURE;
  }

  public static int tellUsage(ParameterException error, PrintWriter err) {
    String command = error.getCommandLine().getCommandSpec().qualifiedName();
    List<String> near =
        error instanceof UnmatchedArgumentException unmatched
            ? unmatched.getSuggestions()
            : List.of();
    String meant = near.isEmpty() ? "" : "; did you mean '" + near.get(0) + "'?";
    line(err, what(error) + meant + " (see '" + command + " --help')");
    return ExitCodes.MISTAKE;
  }

  /** Describes the error; an unmatched first word of the top command was meant as a subcommand. */
  private static String what(ParameterException error) {
    if (error instanceof UnmatchedArgumentException unmatched
        && error.getCommandLine().getParent() == null
        && !unmatched.getUnmatched().get(0).startsWith("-")) {
      return "unknown command '" + unmatched.getUnmatched().get(0) + "'";
    }
    String first = error.getMessage().lines().findFirst().orElse(error.getMessage());
    return first
        .replaceFirst(" is not an? (int|long)$", " is not a whole number")
        .replaceFirst(" is not a double$", " is not a number");
  }

  private static void line(PrintWriter err, String message) {
    err.println("chorale: " + message);
    err.flush();
  }
}
