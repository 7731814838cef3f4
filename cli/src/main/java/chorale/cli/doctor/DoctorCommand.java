package chorale.cli.doctor;

import chorale.cli.CommonOptions;
import chorale.cli.CommonOptions.Flags;
import chorale.cli.ExitCodes;
import chorale.cli.doctor.Finding.Level;
import chorale.config.EffectiveSettings;
import chorale.config.Settings;
import chorale.config.SettingsException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chorale doctor}: checks this machine and its configuration. */
@Command(
    name = "doctor",
    description =
        "Check this machine, the model set and the broker. Print a line for each check, and what to"
            + " do about each problem. Exit code 1: at least one check is FAIL.",
    mixinStandardHelpOptions = true)
public final class DoctorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  @Option(
      names = "--models",
      paramLabel = "DIR",
      description = "The model set's directory. Default: the one that comes with Chorale.")
  private Optional<Path> models = Optional.empty();

  @Override
  public Integer call() throws Exception {
    EffectiveSettings effective = effective();
    Settings settings = effective.settings();
    PrintWriter out = spec.commandLine().getOut();
    List<Finding> findings = new ArrayList<>();
    tell(MachineChecks.all(), findings, out);
    tell(PowerCheck.look(Path.of("/sys")), findings, out);
    tell(UnitChecks.all(), findings, out);
    tell(
        ModelChecks.look(settings.worker().orElseThrow().models(), System.getenv()), findings, out);
    tell(SecretChecks.all(settings, effective.secretFiles(), Instant.now()), findings, out);
    SigningCheck signing = new SigningCheck(settings);
    tell(signing.files(), findings, out);
    tell(
        List.of(BrokerCheck.look(settings.connection(), signing.subscriptions(), signing::hear)),
        findings,
        out);
    tell(signing.online(), findings, out);
    return findings.stream().anyMatch(each -> each.level() == Level.FAIL)
        ? ExitCodes.FAILURE
        : ExitCodes.OK;
  }

  private EffectiveSettings effective() throws SettingsException {
    Flags flags = new Flags().set("worker.models", models);
    EffectiveSettings configured = effective(flags);
    // The settings need a variant; the model directory and the worker's name are used.
    return configured.settings().worker().isPresent()
        ? configured
        : effective(flags.set("worker.variant", Optional.of("V1")));
  }

  private EffectiveSettings effective(Flags flags) throws SettingsException {
    return CommonOptions.loader().effective(common.config(), System.getenv(), common.all(flags));
  }

  /** Prints findings at once, because the next check may take a while. */
  private static void tell(List<Finding> some, List<Finding> all, PrintWriter out) {
    all.addAll(some);
    some.forEach(each -> out.println(each.line()));
    out.flush();
  }
}
