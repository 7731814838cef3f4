package chorale.cli.doctor;

import chorale.cli.CommonOptions;
import chorale.cli.ExitCodes;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chorale config}: prints the effective settings. */
@Command(
    name = "config",
    description = "Print the effective settings as HOCON, with secrets as ***.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Settings come from defaults, the file of --config, the environment (CHORALE_WORKER_VARIANT"
          + " sets worker.variant) and flags; later ones override earlier ones.",
      "docs/configuration.md explains every key."
    })
public final class ConfigCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  @Option(names = "--origins", description = "Also print where each value was set.")
  private boolean origins;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    out.print(
        CommonOptions.loader()
            .effective(common.config(), System.getenv(), common.all(new CommonOptions.Flags()))
            .render(origins));
    out.flush();
    return ExitCodes.OK;
  }
}
