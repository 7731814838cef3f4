package chorale.cli.camera;

import chorale.cli.Buses;
import chorale.cli.CommandException;
import chorale.cli.CommonOptions;
import chorale.cli.ExitCodes;
import chorale.cli.ServiceLoop;
import chorale.cli.Stop;
import chorale.cli.Terminal;
import chorale.config.Settings;
import chorale.protocol.Bytes;
import chorale.protocol.Names;
import chorale.protocol.Topics;
import chorale.publisher.ResultWatcher;
import java.security.SecureRandom;
import java.time.ZoneId;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chorale watch}: results as they come, for people or for scripts. */
@Command(
    name = "watch",
    description = "Shows results as they come, each camera's last one first.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "A line says when, which camera, the class and how sure it is, the time it took, what ended",
      "the wait, and the variants: " + ResultText.LEGEND + "."
    })
public final class WatchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  @Option(
      names = "--camera",
      paramLabel = "NAME",
      description = "Only this camera; all of the site unless set.")
  private Optional<String> camera = Optional.empty();

  @Option(names = "--json", description = "One JSON object a line, as published.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    if (camera.isPresent() && !Names.isValid(camera.get())) {
      throw CommandException.refused("--camera", camera.get(), Names.ALLOWED);
    }
    Settings settings = common.load();
    Stop stop = Stop.onSignals();
    Terminal terminal = Terminal.of(spec.commandLine().getOut());
    ResultText text = new ResultText(terminal, ZoneId.systemDefault());
    try (ResultWatcher watcher =
        new ResultWatcher(
            new ResultWatcher.Scope(new Topics(settings.site()), camera),
            Buses.of(settings.connection()),
            "chorale-watch-" + HexFormat.of().toHexDigits(new SecureRandom().nextLong()),
            (result, payload) -> terminal.line(json ? oneLine(payload) : text.result(result)))) {
      ServiceLoop.run(watcher, stop, () -> false);
    }
    return ExitCodes.OK;
  }

  /** As published; line feeds can only be white space between JSON's tokens. */
  private static String oneLine(Bytes payload) {
    return payload.utf8().replace('\n', ' ').replace('\r', ' ');
  }
}
