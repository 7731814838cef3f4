package chorale.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The top-level command {@code chorale}: finds the subcommand, runs it, and reports errors. */
@Command(
    name = "chorale",
    description = "Classify images on several small boards; their votes become one answer.",
    mixinStandardHelpOptions = true,
    versionProvider = Chorale.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    footer = {"", "'chorale COMMAND --help' explains a command."})
public final class Chorale implements Callable<Integer> {
  @Spec private CommandSpec spec;

  private Chorale() {}

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** Prints the help to standard error; a call without a subcommand is a mistake. */
  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCodes.MISTAKE;
  }

  static CommandLine commandLine() {
    CommandLine top = new CommandLine(new Chorale());
    Commands.addTo(top);
    CommandLine help = new CommandLine(new CommandLine.HelpCommand());
    help.getCommandSpec().usageMessage().header("Explain a command, or list all commands.");
    top.addSubcommand(help);
    top.setExecutionExceptionHandler(
        (exception, command, parsed) -> Errors.tell(exception, command.getErr()));
    top.setParameterExceptionHandler(
        (exception, arguments) -> Errors.tellUsage(exception, exception.getCommandLine().getErr()));
    return top;
  }

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"chorale " + Home.version()};
    }
  }
}
