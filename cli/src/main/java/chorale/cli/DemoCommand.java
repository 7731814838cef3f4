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
import chorale.variants.ModelSet;
import chorale.variants.ModelSetException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
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
        common.broker().isPresent() ? Optional.empty() : Optional.of(freePort());
    port.ifPresent(free -> flags.set("connection.broker", Optional.of("mqtt://127.0.0.1:" + free)));
    Settings settings = common.load(flags);
    BusFactory buses = Buses.of(settings.connection());
    ModelSet set = modelSet();
    DemoSite.Plan plan = plan(set, settings, port);
    Terminal terminal = Terminal.of(spec.commandLine().getOut());

    try (ImageListing listing = listing()) {
      Stop stop = Stop.onSignals();
      checkLabels(listing, set, terminal);
      ImageSource source = options.sample(listing).orElseGet(() -> options.shuffled(listing));
      DemoSite site = DemoSite.start(plan, buses);
      try (site) {
        terminal.line(starting(plan, settings));
        long started = System.nanoTime();
        List<WorkerInfo> workers = site.awaitReady(stop);
        double seconds = (System.nanoTime() - started) / 1e9;
        terminal.line(String.format(Locale.ROOT, "all ready after %.1f s", seconds));
        EmulatedBoards.note(workers).ifPresent(terminal::line);
        terminal.line("");
        int code = run(site, settings, source, terminal, stop);
        if (code == ExitCodes.OK || stop.isRequested()) {
          site.dropLogs();
        }
        return code;
      } finally {
        site.keptLogs().ifPresent(folder -> terminal.line("logs of the processes: " + folder));
      }
    }
  }

  private int run(
      DemoSite site, Settings settings, ImageSource source, Terminal terminal, Stop stop)
      throws Exception {
    long started = System.nanoTime();
    RunView view = new RunView(terminal, source.total(), false);
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

  private DemoSite.Plan plan(ModelSet set, Settings settings, Optional<Integer> port)
      throws CommandException {
    List<String> everyChild = new ArrayList<>();
    everyChild.addAll(List.of("--site", settings.site()));
    common.config().ifPresent(file -> everyChild.addAll(List.of("--config", file.toString())));
    Strategy used = settings.aggregator().strategy();
    List<String> strategyOf = List.of("--strategy", used.label());
    List<String> everyWorker = new ArrayList<>(strategyOf);
    boardFactor.ifPresent(factor -> everyWorker.addAll(List.of("--board-factor", factor)));
    return new DemoSite.Plan(
        "demo",
        new Topics(settings.site()),
        port,
        settings.connection().broker().uri(),
        variants.isPresent() ? chosen(set, used) : Board.of(used, set),
        set.directory(),
        new DemoSite.Arguments(everyChild, strategyOf, everyWorker));
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

  private static String starting(DemoSite.Plan plan, Settings settings) {
    return (plan.port().isPresent() ? "starting a broker" : "using the broker")
        + " at "
        + settings.connection().broker()
        + (plan.port().isPresent() ? ", an aggregator" : ", starting an aggregator")
        + " and workers for "
        + plan.boards().stream().map(Board::name).collect(Collectors.joining(", "));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
