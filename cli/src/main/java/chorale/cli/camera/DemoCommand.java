package chorale.cli.camera;

import chorale.cli.CommandException;
import chorale.cli.CommonOptions;
import chorale.cli.Home;
import chorale.cli.ModelSetOption;
import chorale.cli.Stop;
import chorale.cli.Terminal;
import chorale.cli.TierPlans;
import chorale.config.Escalate;
import chorale.config.Settings;
import chorale.protocol.Strategy;
import chorale.protocol.Topics;
import chorale.publisher.ImageListing;
import chorale.publisher.ImageSource;
import chorale.publisher.SourceException;
import chorale.site.Board;
import chorale.site.FreePort;
import chorale.site.LocalSite;
import chorale.variants.ModelSet;
import chorale.variants.ModelSetException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chorale demo}: a whole site on this machine, on real images. */
@Command(
    name = "demo",
    description = {
      "Start a broker, a worker for each variant and an aggregator on this machine. Publish"
          + " images, and show each result: the class and its confidence, the response time, what"
          + " ended the wait, and the variants that voted."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Exit code 0: every published image got a result, of any status."})
public final class DemoCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;
  @Mixin private PublishOptions options;
  @Mixin private ModelSetOption models;

  @Option(
      names = "--images",
      paramLabel = "PATH",
      description = "An image, a folder or a zip file. Default: the images that come with Chorale.")
  private Optional<Path> images = Optional.empty();

  @Option(
      names = "--variants",
      paramLabel = "V1,V2,..",
      description = "The variants to run. Default: all of the model set.")
  private Optional<String> variants = Optional.empty();

  @Option(
      names = "--tiers",
      paramLabel = "PLAN",
      description = {
        "The variants of each tier, such as V2/V1,V3,V4,V5/reference. A later tier is asked only"
            + " about images on which the tiers before it are unsure."
      })
  private Optional<String> tiers = Optional.empty();

  @Option(
      names = "--strategy",
      paramLabel = "S",
      description = {
        "How the boards divide the work: variant, or for comparison single, data, model or class."
            + " Default: variant."
      })
  private Optional<String> strategy = Optional.empty();

  @Option(
      names = "--board-factor",
      paramLabel = "F",
      description =
          "Make each worker emulate a board F times slower than this machine, 1 to 1000."
              + " Default: 1.")
  private Optional<String> boardFactor = Optional.empty();

  @Option(
      names = "--open",
      description = {
        "Also start the dashboard, and open it in the browser. Without --count, publish the images"
            + " again and again, one a second, until Ctrl-C."
      })
  private boolean open;

  @Override
  public Integer call() throws Exception {
    CommonOptions.Flags flags =
        options.addTo(
            new CommonOptions.Flags()
                .set("publisher.interval", open ? Optional.of("1s") : Optional.empty())
                .set("strategy", strategy)
                .set("publisher.camera", Optional.of("demo"))
                .set("worker.board-factor", boardFactor));
    Optional<Integer> port =
        common.broker().isPresent() ? Optional.empty() : Optional.of(FreePort.find());
    port.ifPresent(free -> flags.set("connection.broker", Optional.of("mqtt://127.0.0.1:" + free)));
    Settings settings = common.load(flags);
    ModelSet set = models.load(settings.aggregator().strategy());
    LocalSite.Plan plan = plan(set, settings);
    Terminal terminal = Terminal.of(spec.commandLine().getOut());

    try (ImageListing listing = listing(settings)) {
      Stop stop = Stop.onSignals();
      ImageSource source = options.sample(listing).orElseGet(() -> all(listing));
      Optional<DemoPage> page = open ? Optional.of(DemoPage.on(FreePort.find())) : Optional.empty();
      return new DemoRun(plan, settings, port, source, terminal, stop).run(options, page);
    }
  }

  private ImageSource all(ImageListing listing) {
    return open ? new EndlessSource(() -> options.shuffled(listing)) : options.shuffled(listing);
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
        boards(set, settings),
        set.directory(),
        new LocalSite.Arguments(everyChild, strategyOf, everyWorker, Map.of()));
  }

  private List<Board> boards(ModelSet set, Settings settings) throws CommandException {
    Strategy used = settings.aggregator().strategy();
    if (tiers.isEmpty()) {
      return variants.isPresent() ? chosen(set, used) : ModelSetOption.boards(used, set);
    }
    if (variants.isPresent() || used != Strategy.VARIANT) {
      throw CommandException.mistake(
          "--tiers: allowed only without --variants and with strategy variant");
    }
    return Board.of(
        TierPlans.require(
            "--tiers", tiers.get(), set, settings.aggregator().escalate().equals(Escalate.SET)));
  }

  private List<Board> chosen(ModelSet set, Strategy used) throws CommandException {
    if (used != Strategy.VARIANT) {
      throw CommandException.mistake(
          "--variants: not allowed with strategy " + used.label() + "; allowed: variant");
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

  private ImageListing listing(Settings settings) throws CommandException {
    try {
      return ImageListing.of(
          List.of(images.orElseGet(Home::pictures)), PublishOptions.maxBytes(settings));
    } catch (SourceException e) {
      throw CommandException.mistake((images.isPresent() ? "--images: " : "") + e.getMessage());
    }
  }
}
