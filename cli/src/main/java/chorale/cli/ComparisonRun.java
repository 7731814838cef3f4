package chorale.cli;

import chorale.cli.Comparison.BoardCost;
import chorale.cli.Comparison.Death;
import chorale.cli.Comparison.Measured;
import chorale.cli.Comparison.Range;
import chorale.cli.Comparison.Times;
import chorale.cli.Comparison.Wire;
import chorale.evaluation.Evaluation;
import chorale.evaluation.Evaluator;
import chorale.evaluation.LabelledImage;
import chorale.evaluation.Network.Cost;
import chorale.evaluation.Outputs;
import chorale.evaluation.measurement.Camera;
import chorale.evaluation.measurement.EmulatedLinks;
import chorale.evaluation.measurement.MeasurementException;
import chorale.evaluation.measurement.Quantiles;
import chorale.evaluation.measurement.Response;
import chorale.evaluation.measurement.Rounds;
import chorale.evaluation.measurement.WireWatch;
import chorale.protocol.Bytes;
import chorale.protocol.Strategy;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.ConnectionSettings;
import chorale.site.Board;
import chorale.site.LocalBroker;
import chorale.site.LocalSite;
import chorale.site.SiteException;
import chorale.site.TemporaryFolder;
import chorale.variants.ModelSet;
import chorale.variants.StageManifest;
import chorale.variants.VariantManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Every strategy as a site of real processes, all on one broker at the same time, measured in
 * turns. Used by one thread; close it.
 */
final class ComparisonRun implements AutoCloseable {
  /** Requests at a time, for throughput: enough for every board of every strategy. */
  static final int IN_FLIGHT = 40;

  private static final int BUDGET_MILLIS = 60_000;
  static final int WARM_UP_ROUNDS = 2;
  private static final double THROUGHPUT_SECONDS = 5;
  private static final int WATCHED_IMAGES = 8;

  private final Plan plan;
  private final StrategySite.Images images;
  private final Evaluation evaluation;
  private final Consumer<String> reporter;
  private final TemporaryFolder folder;
  private final LocalBroker broker;
  private final BusFactory buses;
  private final Optional<EmulatedLinks> links;
  private final List<StrategySite> sites = new ArrayList<>();

  /**
   * What is run.
   *
   * @param workers arguments of every worker
   */
  record Plan(
      ModelSet set,
      List<Strategy> strategies,
      Optional<EmulatedLinks.Kind> link,
      List<String> workers,
      Rounds.Extent extent) {
    Plan {
      strategies = List.copyOf(strategies);
      workers = List.copyOf(workers);
    }
  }

  /**
   * What is known of the images without any site.
   *
   * @param images that are asked about
   * @param outputs of all networks for them, in their order
   */
  record Known(List<LabelledImage> images, Outputs outputs, Evaluation evaluation) {}

  /**
   * Starts the broker and all sites, and waits until they are ready.
   *
   * @param reporter gets a line for each step
   */
  ComparisonRun(Plan plan, Known known, Consumer<String> reporter)
      throws IOException, CommandException, SiteException, InterruptedException {
    this.plan = plan;
    this.images = images(known);
    this.evaluation = known.evaluation();
    this.reporter = reporter;
    this.folder = TemporaryFolder.create("chorale-compare-");
    this.broker = LocalBroker.start(LocalBroker.EMBEDDED, folder.path());
    this.buses = Buses.of(ConnectionSettings.of(broker.uri()));
    this.links = plan.link().map(kind -> new EmulatedLinks(kind, broker.uri()));
    try {
      for (Strategy strategy : plan.strategies()) {
        reporter.accept("starting the boards of strategy " + strategy.label());
        // A signal ends this process at once, and its children with it.
        var unused = start(strategy).site().awaitReady(() -> false);
      }
    } catch (IOException | SiteException | InterruptedException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private static StrategySite.Images images(Known known) {
    Map<List<String>, List<Integer>> winners = new HashMap<>();
    return new StrategySite.Images() {
      @Override
      public Bytes content(int image) {
        return known.images().get(image).content();
      }

      @Override
      public int count() {
        return known.images().size();
      }

      @Override
      public int expected(List<String> networks, int image) {
        return winners
            .computeIfAbsent(networks, ids -> Evaluator.winners(known.outputs(), ids))
            .get(image);
      }
    };
  }

  private StrategySite start(Strategy strategy) throws IOException, SiteException {
    List<Board> boards = new ArrayList<>();
    for (Board each : Board.of(strategy, plan.set())) {
      boards.add(links.isPresent() ? each.through(links.get().board()) : each);
    }
    Path settings =
        Files.writeString(
            folder.path().resolve("compare.conf"),
            "chorale { worker.queue = 1000, aggregator.deadline = 60s }\n");
    List<String> strategyOf = List.of("--strategy", strategy.label());
    List<String> workers = new ArrayList<>(plan.workers());
    workers.addAll(strategyOf);
    var topics = StrategySite.topics(strategy);
    LocalSite.Arguments arguments =
        new LocalSite.Arguments(
            List.of("--config", settings.toString()), strategyOf, workers, Map.of());
    LocalSite site =
        LocalSite.start(
            new LocalSite.Plan(topics.site(), topics, boards, plan.set().directory(), arguments),
            broker,
            buses,
            folder.path().resolve(topics.site()));
    Camera camera = new Camera("compare", topics, BUDGET_MILLIS, buses);
    StrategySite started = new StrategySite(strategy, boards, site, camera, images);
    sites.add(started);
    return started;
  }

  List<Measured> measure() throws MeasurementException, InterruptedException {
    reporter.accept("response times, in turns");
    Rounds rounds = Rounds.run(sites, plan.extent());
    Map<Strategy, Double> throughput = new HashMap<>();
    Map<Strategy, Wire> wire = new HashMap<>();
    for (StrategySite site : sites) {
      reporter.accept("throughput and bytes of strategy " + site.name());
      throughput.put(site.strategy(), throughput(site, rounds));
      wire.put(site.strategy(), wire(site));
    }
    List<Measured> measured = new ArrayList<>();
    for (StrategySite site : sites) {
      Times times = times(rounds, site.name());
      reporter.accept("killing boards of strategy " + site.name());
      List<Death> deaths = KillCheck.run(site, times.p50(), buses);
      measured.add(
          new Measured(
              site.strategy(),
              costs(site),
              times,
              throughput.get(site.strategy()),
              wire.get(site.strategy()),
              accuracy(site.strategy()),
              site.agreement(),
              LossTheory.losses(site.strategy(), evaluation),
              deaths));
    }
    return measured;
  }

  private Times times(Rounds rounds, String strategy) {
    List<Double> all = rounds.all(strategy, StrategySite.MILLIS);
    List<Double> own = rounds.medians(strategy, StrategySite.MILLIS);
    List<Double> single = rounds.medians(Strategy.SINGLE.label(), StrategySite.MILLIS);
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < Math.min(own.size(), single.size()); round++) {
      ratios.add(single.get(round) / own.get(round));
    }
    Range range =
        ratios.isEmpty()
            ? new Range(Double.NaN, Double.NaN, Double.NaN)
            : new Range(
                Quantiles.nearestRank(ratios, .5),
                Collections.min(ratios),
                Collections.max(ratios));
    return new Times(Quantiles.nearestRank(all, .5), Quantiles.nearestRank(all, .99), range);
  }

  private double throughput(StrategySite site, Rounds rounds)
      throws MeasurementException, InterruptedException {
    double perSecond =
        1_000 / Quantiles.nearestRank(rounds.all(site.name(), StrategySite.MILLIS), .5);
    int boards = site.strategy() == Strategy.VARIANT ? 1 : site.boards().size();
    int count = (int) Math.max(IN_FLIGHT, Math.min(2_000, THROUGHPUT_SECONDS * perSecond * boards));
    long start = System.nanoTime();
    List<Response> responses = site.camera().askMany(images(count), IN_FLIGHT);
    double seconds = (System.nanoTime() - start) / 1e9;
    return responses.stream().filter(StrategySite::isAnswered).count() / seconds;
  }

  private List<Bytes> images(int count) {
    List<Bytes> chosen = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      chosen.add(images.content(i % images.count()));
    }
    return chosen;
  }

  private Wire wire(StrategySite site) throws MeasurementException, InterruptedException {
    int count = Math.min(WATCHED_IMAGES, images.count());
    try (WireWatch watch = new WireWatch(StrategySite.topics(site.strategy()), buses)) {
      for (Bytes image : images(count)) {
        var unused = site.camera().ask(image);
        watch.drain(100_000_000L);
      }
      int hearers = site.strategy() == Strategy.MODEL ? 1 : site.boards().size();
      int side = rawSide(site.strategy());
      return new Wire(
          hearers * (double) watch.bytes(WireWatch.Kind.INPUT) / count,
          3.0 * side * side * hearers,
          2.0 * watch.bytes(WireWatch.Kind.INTERMEDIATE) / count, // one board sends, one hears
          (double) watch.bytes(WireWatch.Kind.REPLY) / count);
    }
  }

  /** The largest input that a board needs: all hear the same frame. */
  private int rawSide(Strategy strategy) {
    return strategy == Strategy.VARIANT
        ? plan.set().variants().stream().mapToInt(VariantManifest::inputSize).max().orElseThrow()
        : plan.set().referenceManifest().orElseThrow().inputSize();
  }

  private double accuracy(Strategy strategy) {
    return strategy == Strategy.VARIANT
        ? evaluation.all().accuracy()
        : evaluation.reference().orElseThrow().accuracy();
  }

  private List<BoardCost> costs(StrategySite site) {
    VariantManifest reference = plan.set().referenceManifest().orElseThrow();
    List<BoardCost> costs = new ArrayList<>();
    for (Board board : site.boards()) {
      Cost cost =
          switch (site.strategy()) {
            case VARIANT -> cost(plan.set().variants().get(costs.size()));
            case MODEL -> cost(reference.stages().get(costs.size()));
            case SINGLE, DATA -> cost(reference);
          };
      costs.add(new BoardCost(board.name(), cost));
    }
    return costs;
  }

  private static Cost cost(VariantManifest manifest) {
    return new Cost(manifest.macs(), manifest.params());
  }

  private static Cost cost(StageManifest manifest) {
    return new Cost(manifest.macs(), manifest.params());
  }

  @Override
  public void close() {
    sites.forEach(StrategySite::close);
    links.ifPresent(EmulatedLinks::close);
    broker.close();
    folder.close();
  }
}
