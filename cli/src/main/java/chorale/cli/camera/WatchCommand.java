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

/** {@code chorale watch}: prints results as they arrive, for people or for scripts. */
@Command(
    name = "watch",
    description = "Show results as they arrive, beginning with each camera's last one.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Columns: time, camera, class, confidence, response time, what ended the wait, variants.",
      ResultText.LEGEND + "."
    })
public final class WatchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  @Option(
      names = "--camera",
      paramLabel = "NAME",
      description = "Show only this camera. Default: all cameras of the site.")
  private Optional<String> camera = Optional.empty();

  @Option(names = "--json", description = "Print each result as published, one JSON object a line.")
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

  /** Returns the JSON on one line; in JSON, line feeds occur only as white space between tokens. */
  private static String oneLine(Bytes payload) {
    return payload.utf8().replace('\n', ' ').replace('\r', ' ');
  }
}
