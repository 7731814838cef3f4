package chorale.cli.torture;

import chorale.cli.CommandException;
import chorale.cli.ExitCodes;
import chorale.cli.Home;
import chorale.cli.ModelSetOption;
import chorale.cli.Stop;
import chorale.cli.Terminal;
import chorale.cli.evaluate.ReportOptions;
import chorale.mqtt.PahoBus;
import chorale.mqtt.WhenRefused;
import chorale.protocol.Bytes;
import chorale.protocol.FileFailure;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.ConnectionSettings;
import chorale.protocol.bus.ConnectionSettings.Timing;
import chorale.site.LocalBroker;
import chorale.site.SiteException;
import chorale.site.TemporaryFolder;
import chorale.site.faults.FaultKind;
import chorale.site.faults.FaultOutcome;
import chorale.site.faults.FaultPlan;
import chorale.site.faults.FaultRun;
import chorale.variants.ModelSet;
import chorale.variants.ModelSetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code chorale torture}: injects faults under load, and checks that every request gets exactly
 * one result.
 */
@Command(
    name = "torture",
    description = {
      "Start a broker, a group of aggregators and workers on this machine, and publish frames of"
          + " many cameras. Meanwhile kill, stop, slow down and disconnect processes. Check that"
          + " every request got exactly one result in time, with each vote counted once."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Faults of aggregators: kill; leave (SIGTERM); stop (SIGSTOP, 1 to 30 s); cut (a broken or"
          + " stalled connection, 0.1 to 30 s).",
      "Faults of workers: worker (kill); slow (a tenth of the processor time, 2 to 20 s).",
      "Faults of connections, up to 15 s: delay (20 ms to 1.5 s); drop (all bytes are lost);"
          + " trickle (4 to 256 KiB/s).",
      "Faults of the broker: broker_kill; broker_stop (20 s).",
      "Faults of the site, 3 to 10 s: replay (all replies again, at once and up to 5 s late);"
          + " reconnect (200 more clients disconnect and reconnect at the same time).",
      "Exit code 0: no request was lost, late or decided twice, no vote was counted twice or"
          + " invented, and no process ended unexpectedly.",
      "Examples: chorale torture --faults kill=10,leave=10 --seed 7",
      "          chorale torture --soak --seconds 1200"
    })
public final class TortureCommand implements Callable<Integer> {
  private static final int DEADLINE_MILLIS = 1_000;
  private static final Duration USUAL = Duration.ofSeconds(60);
  private static final int RATE = 20;

  @Spec private CommandSpec spec;
  @Mixin private ModelSetOption models;
  @Mixin private ReportOptions output;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description =
          "Start faults for this time, in seconds. Default: 60; with numbers in --faults, until"
              + " all are done.")
  private Optional<Integer> seconds = Optional.empty();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "The random seed of the faults' order, victims and durations. Default: random.")
  private Optional<Long> seed = Optional.empty();

  @Option(
      names = "--aggregators",
      paramLabel = "N",
      defaultValue = "3",
      description = "The number of aggregators, 2 to 9. Default: ${DEFAULT-VALUE}.")
  private int aggregators;

  @Option(
      names = "--cameras",
      paramLabel = "N",
      defaultValue = "30",
      description = "The number of cameras, 1 to 99. Default: ${DEFAULT-VALUE}.")
  private int cameras;

  @Option(
      names = "--rate",
      paramLabel = "R",
      description = "Frames a second of all cameras together, 1 to 1000. Default: 20.")
  private Optional<Integer> rate = Optional.empty();

  @Option(
      names = "--variants",
      paramLabel = "V1,V2,..",
      defaultValue = "V1,V2",
      description = "Run a worker for each of these variants. Default: ${DEFAULT-VALUE}.")
  private String variants;

  @Option(
      names = "--faults",
      paramLabel = "F,F,..",
      description =
          "Kinds of faults, or kinds with numbers (kill=50,leave=50). Default: all" + " kinds.")
  private Optional<String> faults = Optional.empty();

  @Option(
      names = "--soak",
      description =
          "Run without faults. Default rate: 60 %% of what the site can answer. Fails if the memory"
              + " of a process grows by more than 5 %% over the last 60 %% of the time, or if a"
              + " process logs a warning.")
  private boolean soak;

  @Option(
      names = "--slack",
      paramLabel = "MS",
      defaultValue = "350",
      description =
          "How late a result may be in ms, beyond its deadline and the time for a takeover. Set more"
              + " on a busy machine. Default: ${DEFAULT-VALUE}.")
  private int slack;

  @Option(
      names = "--broker",
      paramLabel = "B",
      defaultValue = LocalBroker.EMBEDDED,
      description = "The broker: hivemq (embedded) or mosquitto. Default: ${DEFAULT-VALUE}.")
  private String broker;

  @Override
  public Integer call() throws Exception {
    System.setProperty("java.awt.headless", "true");
    FaultPlan plan = plan();
    output.requireWritable();
    Terminal terminal = Terminal.of(spec.commandLine().getOut());
    Stop stop = Stop.onSignals();
    try (TemporaryFolder folder = TemporaryFolder.create("chorale-torture-")) {
      boolean clean = false;
      try {
        terminal.line(TortureText.plan(plan));
        FaultOutcome outcome =
            FaultRun.run(
                plan,
                new FaultRun.Surroundings(
                    TortureCommand::buses, folder.path(), terminal::line, stop::isRequested));
        clean = outcome.verdict().holds();
        TortureText.lines(outcome).forEach(terminal::line);
        output.write(() -> TortureJson.write(outcome), () -> TortureText.report(outcome), terminal);
      } finally {
        if (!clean) {
          folder.keep();
          terminal.line("logs of the processes: " + folder.path());
        }
      }
      return clean ? ExitCodes.OK : ExitCodes.FAILURE;
    } catch (SiteException e) {
      throw CommandException.failure(e.getMessage());
    }
  }

  /** Returns connections as services have them: a refusal after a broker's restart is retried. */
  private static BusFactory buses(ConnectionSettings connection) {
    Timing timing = connection.timing();
    return PahoBus.factory(
        new ConnectionSettings(
            connection.broker(),
            connection.credentials(),
            connection.tls(),
            new Timing(
                timing.connectTimeout(),
                timing.keepAlive(),
                timing.backoffMin(),
                Duration.ofMillis(500)),
            connection.inFlight(),
            connection.outbox()),
        WhenRefused.TRY_AGAIN);
  }

  private FaultPlan plan() throws CommandException {
    require("--aggregators", aggregators, 2, 9);
    require("--cameras", cameras, 1, 99);
    if (rate.isPresent()) {
      require("--rate", rate.get(), 1, 1_000);
    }
    require("--slack", slack, 0, 60_000);
    if (seconds.isPresent()) {
      require("--seconds", seconds.get(), 1, 86_400);
    }
    if (!broker.equals(LocalBroker.EMBEDDED) && !broker.equals(LocalBroker.MOSQUITTO)) {
      throw CommandException.refused(
          "--broker", broker, LocalBroker.EMBEDDED + ", " + LocalBroker.MOSQUITTO);
    }
    if (soak && faults.isPresent()) {
      throw CommandException.mistake("--soak: a soak has no faults; remove --faults");
    }
    Map<FaultKind, Integer> kinds = soak ? Map.of() : FaultsOption.parse(faults);
    boolean counted = kinds.values().stream().anyMatch(count -> count > 0);
    Optional<Duration> lasts = seconds.map(Duration::ofSeconds);
    return new FaultPlan(
        seed.orElseGet(() -> (long) new SecureRandom().nextInt(1_000_000)),
        counted ? lasts : Optional.of(lasts.orElse(USUAL)),
        kinds,
        group(),
        new FaultPlan.Load(cameras, framesPerSecond(), DEADLINE_MILLIS, images()),
        broker,
        Duration.ofMillis(slack));
  }

  private OptionalDouble framesPerSecond() {
    return rate.isEmpty() && soak ? OptionalDouble.empty() : OptionalDouble.of(rate.orElse(RATE));
  }

  private static void require(String option, int value, int least, int most)
      throws CommandException {
    if (value < least || value > most) {
      throw CommandException.refused(option, value, least + " to " + most);
    }
  }

  private FaultPlan.Group group() throws CommandException {
    ModelSet set = models.load();
    List<String> chosen = new ArrayList<>();
    try {
      for (String id : variants.split(",", -1)) {
        chosen.add(set.variant(id.strip()).id());
      }
    } catch (ModelSetException e) {
      throw CommandException.mistake("--variants: " + e.getMessage());
    }
    if (chosen.stream().distinct().count() < chosen.size()) {
      throw CommandException.mistake("--variants: " + chosen + "; allowed: each id once");
    }
    return new FaultPlan.Group(aggregators, chosen, set.directory());
  }

  /** Reads the images that come with Chorale. */
  private static List<Bytes> images() throws CommandException {
    try (Stream<Path> files = Files.walk(Home.pictures())) {
      List<Bytes> images = new ArrayList<>();
      for (Path each : files.filter(file -> file.toString().endsWith(".jpg")).sorted().toList()) {
        images.add(Bytes.wrap(Files.readAllBytes(each)));
      }
      if (images.isEmpty()) {
        throw CommandException.failure("no images in " + Home.pictures());
      }
      return images;
    } catch (IOException e) {
      throw CommandException.failure(
          "the images cannot be read: " + FileFailure.described(e, Home.pictures()));
    }
  }
}
