package chorale.cli;

import chorale.config.Settings;
import chorale.protocol.Strategy;
import chorale.protocol.Topics;
import chorale.protocol.WorkerInfo;
import chorale.protocol.bus.BusFactory;
import chorale.publisher.ImageListing;
import chorale.publisher.ImageSource;
import chorale.publisher.PublishReport;
import chorale.publisher.Publisher;
import chorale.publisher.SourceException;
import chorale.site.Board;
import chorale.site.FreePort;
import chorale.site.LocalBroker;
import chorale.site.LocalSite;
import chorale.site.SiteException;
import chorale.site.TemporaryFolder;
import chorale.site.FreePort;
import chorale.variants.ModelSet;
import chorale.variants.ModelSetException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chorale demo}: the whole of Chorale on this machine, on real images. */
@Command(
    name = "demo",
    description = {
      "Starts a broker, a worker for each variant and an aggregator on this machine, publishes"
          + " images, and shows each answer: the class and how sure it is, the time it took, what"
          + " ended the wait, and the variants that voted (V3:offline is one that did not)."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Exit code 0: every image that was published got its result, of any status."})
final class DemoCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;
  @Mixin private PublishOptions options;

  @Option(
      names = "--images",
      paramLabel = "PATH",
      description = "An image, a folder or a zip; the pictures that Chorale ships unless set.")
  private Optional<Path> images = Optional.empty();

  @Option(
      names = "--variants",
      paramLabel = "V1,V2,..",
      description = "The variants to run; all of the model set unless set.")
  private Optional<String> variants = Optional.empty();

  @Option(
      names = "--models",
      paramLabel = "DIR",
      description = "The model set's directory; the one that Chorale ships unless set.")
  private Optional<Path> models = Optional.empty();

  @Option(
      names = "--strategy",
      paramLabel = "S",
      description = {
        "How the boards divide the work: variant, or one of those that it is compared with, single,"
            + " data or model; variant unless set."
      })
  private Optional<String> strategy = Optional.empty();

  @Option(
      names = "--board-factor",
      paramLabel = "F",
      description = "Let each worker emulate a board F times slower than this machine (1 to 1000).")
  private Optional<String> boardFactor = Optional.empty();

  @Override
  public Integer call() throws Exception {
    CommonOptions.Flags flags =
        options.addTo(
            new CommonOptions.Flags()
                .set("strategy", strategy)
                .set("publisher.camera", Optional.of("demo"))
                .set("worker.board-factor", boardFactor));
    Optional<Integer> port =
        common.broker().isPresent() ? Optional.empty() : Optional.of(FreePort.find());
    port.ifPresent(free -> flags.set("connection.broker", Optional.of("mqtt://127.0.0.1:" + free)));
    Settings settings = common.load(flags);
    ModelSet set = modelSet();
    LocalSite.Plan plan = plan(set, settings);
    Terminal terminal = Terminal.of(spec.commandLine().getOut());

    try (ImageListing listing = listing()) {
      Stop stop = Stop.onSignals();
      checkLabels(listing, set, terminal);
      ImageSource source = options.sample(listing).orElseGet(() -> options.shuffled(listing));
      return runSite(new Run(plan, settings, port, source, terminal, stop));
    }
  }

  /**
   * What is started, and on what.
   *
   * @param port of the broker to start; empty to use the one that runs already
   */
  private record Run(
      LocalSite.Plan plan,
      Settings settings,
      Optional<Integer> port,
      ImageSource source,
      Terminal terminal,
      Stop stop) {}

  private int runSite(Run run) throws Exception {
    Terminal terminal = run.terminal();
    BusFactory buses = Buses.of(run.settings().connection());
    try (TemporaryFolder folder = TemporaryFolder.create("chorale-demo-")) {
      boolean clean = false;
      try (LocalBroker broker = broker(run, folder.path());
          LocalSite site = LocalSite.start(run.plan(), broker, buses, folder.path())) {
        terminal.line(starting(run));
        long started = System.nanoTime();
        List<WorkerInfo> workers = site.awaitReady(run.stop()::isRequested);
        double seconds = (System.nanoTime() - started) / 1e9;
        terminal.line(String.format(Locale.ROOT, "all ready after %.1f s", seconds));
        EmulatedBoards.note(workers).ifPresent(terminal::line);
        terminal.line("");
        int code = publish(site, run);
        clean = (code == ExitCodes.OK || run.stop().isRequested()) && !site.hasReportedExits();
        return code;
      } finally {
        if (!clean) {
          folder.keep();
          terminal.line("logs of the processes: " + folder.path());
        }
      }
    }
  }

  private static LocalBroker broker(Run run, Path folder) throws IOException {
    return run.port().isPresent()
        ? LocalBroker.embedded(run.port().get(), run.plan().arguments().common(), folder)
        : LocalBroker.running(run.settings().connection().broker());
  }

  private int publish(LocalSite site, Run run) throws Exception {
    ImageSource source = run.source();
    Settings settings = run.settings();
    Stop stop = run.stop();
    long started = System.nanoTime();
    RunView view = new RunView(run.terminal(), source.total(), false);
    PublishReport report;
    boolean finished;
    try (view;
        Publisher publisher =
            new Publisher(settings.publisher(), PublishCommand.around(settings), source, view)) {
      site.onAnyExit(publisher.inbox()::wake);
      ServiceLoop.run(
          publisher,
          stop,
          () -> {
            if (!stop.isRequested()) {
              site.reportExits(view::notice);
            }
            return publisher.isFinished() || !site.isUp();
          });
      report = publisher.report();
      finished = publisher.isFinished();
    }
    view.summary(report, Duration.ofNanos(System.nanoTime() - started));
    options.write(report);
    if (!finished && !stop.isRequested()) {
      site.requireUp();
    }
    return finished && report.isComplete() ? ExitCodes.OK : ExitCodes.FAILURE;
  }

  private ModelSet modelSet() throws CommandException {
    try {
      return ModelSet.load(models.orElseGet(Home::models));
    } catch (ModelSetException e) {
      throw CommandException.mistake((models.isPresent() ? "--models: " : "") + e.getMessage());
    }
  }

  /** Folders need not be named after classes; then nothing is right or wrong. */
  private static void checkLabels(ImageListing listing, ModelSet set, Terminal terminal) {
    NavigableSet<String> unknown = listing.labels();
    int labels = unknown.size();
    unknown.removeAll(set.classes());
    if (!unknown.isEmpty() && unknown.size() == labels) {
      listing.dropLabels();
      terminal.line("no folder is named after a class of " + set.name() + ": no accuracy");
    } else if (!unknown.isEmpty()) {
      terminal.line(
          "no classes of "
              + set.name()
              + ", so their images count as wrong: "
              + String.join(", ", unknown));
    }
  }

  private LocalSite.Plan plan(ModelSet set, Settings settings) throws CommandException {
    List<String> everyChild = new ArrayList<>();
    common.config().ifPresent(file -> everyChild.addAll(List.of("--config", file.toString())));
    Strategy used = settings.aggregator().strategy();
    List<String> strategyOf = List.of("--strategy", used.label());
    List<String> everyWorker = new ArrayList<>(strategyOf);
    boardFactor.ifPresent(factor -> everyWorker.addAll(List.of("--board-factor", factor)));
    return new LocalSite.Plan(
        "demo",
        new Topics(settings.site()),
        variants.isPresent() ? chosen(set, used) : boards(set, used),
        set.directory(),
        new LocalSite.Arguments(everyChild, strategyOf, everyWorker, Map.of()));
  }

  private static List<Board> boards(ModelSet set, Strategy used) throws CommandException {
    try {
      return Board.of(used, set);
    } catch (SiteException e) {
      throw CommandException.mistake("--" + e.getMessage());
    }
  }

  private List<Board> chosen(ModelSet set, Strategy used) throws CommandException {
    if (used != Strategy.VARIANT) {
      throw CommandException.mistake(
          "--variants: nothing to choose with strategy " + used.label() + "; allowed: variant");
    }
    List<String> chosen = new ArrayList<>();
    try {
      for (String id : variants.orElseThrow().split(",", -1)) {
        chosen.add(set.variant(id.strip()).id());
      }
    } catch (ModelSetException e) {
      throw CommandException.mistake("--variants: " + e.getMessage());
    }
    if (new HashSet<>(chosen).size() < chosen.size()) {
      throw CommandException.mistake("--variants: " + chosen + "; allowed: each id once");
    }
    return chosen.stream().map(Board::of).toList();
  }

  private ImageListing listing() throws CommandException {
    Path path = images.orElseGet(() -> Home.directory().orElse(Path.of("")).resolve("pictures"));
    try {
      return ImageListing.of(List.of(path));
    } catch (SourceException e) {
      throw CommandException.mistake((images.isPresent() ? "--images: " : "") + e.getMessage());
    }
  }

  private static String starting(Run run) {
    boolean own = run.port().isPresent();
    return (own ? "starting a broker" : "using the broker")
        + " at "
        + run.settings().connection().broker()
        + (own ? ", an aggregator" : ", starting an aggregator")
        + " and workers for "
        + run.plan().boards().stream().map(Board::name).collect(Collectors.joining(", "));
  }
}
