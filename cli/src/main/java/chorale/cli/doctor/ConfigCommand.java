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

/** {@code chorale config}: the settings in force. */
@Command(
    name = "config",
    description = "Prints the settings in force as HOCON, secrets as ***.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Settings come from defaults, the file given with --config, the environment",
      "(CHORALE_WORKER_VARIANT sets worker.variant) and flags; the later wins.",
      "What each key means: config/src/main/resources/reference.conf"
    })
public final class ConfigCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  @Option(names = "--origins", description = "Also say where each value was set.")
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
