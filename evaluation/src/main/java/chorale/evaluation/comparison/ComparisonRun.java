package chorale.evaluation.comparison;

import chorale.evaluation.comparison.Comparison.Conditions;
import chorale.evaluation.comparison.Comparison.Loss;
import chorale.evaluation.comparison.Comparison.Measured;
import chorale.evaluation.comparison.Comparison.Range;
import chorale.evaluation.comparison.Comparison.Times;
import chorale.evaluation.comparison.Comparison.Wire;
import chorale.evaluation.measurement.Camera;
import chorale.evaluation.measurement.EmulatedLinks;
import chorale.evaluation.measurement.MeasurementException;
import chorale.evaluation.measurement.Quantiles;
import chorale.evaluation.measurement.Rounds;
import chorale.protocol.Strategy;
import chorale.protocol.Topics;
import chorale.protocol.bus.BusFactory;
import chorale.site.Board;
import chorale.site.LocalBroker;
import chorale.site.LocalSite;
import chorale.site.SiteException;
import chorale.site.TemporaryFolder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A comparison as it runs: every strategy as a site of real processes, all on one broker at the
 * same time, measured in turns. Used by one thread.
 */
public final class ComparisonRun implements AutoCloseable {
  /** Requests at a time, for throughput: enough for every board of every strategy. */
  static final int IN_FLIGHT = 40;

  private static final int BUDGET_MILLIS = 60_000;
  private static final int WARM_UP_ROUNDS = 2;

  private final ComparisonSettings settings;
  private final Map<Strategy, OfflineAnswers> answers;
  private final BusFactory buses;
  private final Optional<EmulatedLinks> links;
  private final List<StrategySite> sites = new ArrayList<>();

  private ComparisonRun(
      ComparisonSettings settings,
      Map<Strategy, OfflineAnswers> answers,
      BusFactory buses,
      Optional<EmulatedLinks> links) {
    this.settings = settings;
    this.answers = answers;
    this.buses = buses;
    this.links = links;
  }

  /**
   * Starts all sites, measures them, and ends them.
   *
   * @param answers for each strategy that is compared, of the networks of its set
   * @param buses to a broker at this address
   * @param reporter gets a line for each step
   */
  public static Comparison run(
      ComparisonSettings settings,
      Map<Strategy, OfflineAnswers> answers,
      Function<URI, BusFactory> buses,
      Consumer<String> reporter)
      throws IOException, SiteException, MeasurementException, InterruptedException {
    try (TemporaryFolder folder = TemporaryFolder.create("chorale-compare-");
        LocalBroker broker = LocalBroker.start(LocalBroker.EMBEDDED, folder.path());
        ComparisonRun run =
            new ComparisonRun(
                settings,
                answers,
                buses.apply(broker.uri()),
                settings.link().map(kind -> new EmulatedLinks(kind, broker.uri())))) {
      for (Strategy strategy : answers.keySet()) {
        reporter.accept("starting the boards of strategy " + strategy.label());
        run.start(strategy, broker, folder.path());
      }
      return new Comparison(run.conditions(), run.measure(reporter));
    }
  }

  private void start(Strategy strategy, LocalBroker broker, Path folder)
      throws IOException, SiteException, MeasurementException, InterruptedException {
    LocalSite.Plan plan = plan(strategy, folder);
    Camera camera = new Camera("compare", plan.topics(), BUDGET_MILLIS, buses);
    try {
      // First: while many processes start, the broker can take long to answer.
      camera.awaitSubscribed();
      LocalSite site = LocalSite.start(plan, broker, buses, folder.resolve(plan.name()));
      sites.add(new StrategySite(strategy, site, camera, answers.get(strategy)));
    } catch (IOException | MeasurementException | InterruptedException | RuntimeException e) {
      camera.close();
      throw e;
    }
    // A signal ends this process at once, and its children with it.
    var unused = sites.get(sites.size() - 1).site().awaitReady(() -> false);
  }

  private LocalSite.Plan plan(Strategy strategy, Path folder) throws IOException, SiteException {
    List<Board> boards = new ArrayList<>();
    for (Board each : Board.of(strategy, settings.set(strategy))) {
      boards.add(links.isPresent() ? each.through(links.get().board()) : each);
    }
    Path config =
        Files.writeString(folder.resolve("compare.conf"), "chorale.aggregator.deadline = 60s\n");
    List<String> strategyOf = List.of("--strategy", strategy.label());
    List<String> workers = new ArrayList<>(settings.workerArguments());
    workers.addAll(strategyOf);
    Topics topics = StrategySite.topics(strategy);
    return new LocalSite.Plan(
        topics.site(),
        topics,
        boards,
        settings.set(strategy).directory(),
        new LocalSite.Arguments(
            List.of("--config", config.toString()), strategyOf, workers, Map.of()));
  }

  private Conditions conditions() {
    return new Conditions(
        settings.set().name(),
        settings.images(),
        answers.get(Strategy.VARIANT).count(),
        settings.boardFactor(),
        settings.link().map(each -> each.name() + ": " + each.described()).orElse("none"),
        settings.tensorType(),
        settings.rounds() * settings.turns(),
        settings.set().referenceManifest().orElseThrow().validationAccuracy());
  }

  private List<Measured> measure(Consumer<String> reporter)
      throws MeasurementException, InterruptedException {
    reporter.accept("response times, in turns");
    Rounds rounds =
        Rounds.run(sites, new Rounds.Extent(WARM_UP_ROUNDS, settings.rounds(), settings.turns()));
    Map<Strategy, Times> times = new EnumMap<>(Strategy.class);
    Map<Strategy, Double> throughput = new EnumMap<>(Strategy.class);
    Map<Strategy, Wire> wire = new EnumMap<>(Strategy.class);
    for (StrategySite site : sites) {
      reporter.accept("throughput and bytes of strategy " + site.name());
      Strategy strategy = site.strategy();
      times.put(strategy, times(rounds, site.name()));
      throughput.put(strategy, site.throughput(times.get(strategy).p50()));
      wire.put(
          strategy, site.wire(BoardCosts.rawInputBytes(strategy, settings.set(strategy)), buses));
    }
    List<Measured> measured = new ArrayList<>();
    for (StrategySite site : sites) {
      reporter.accept("killing boards of strategy " + site.name());
      Strategy strategy = site.strategy();
      OfflineAnswers offline = site.answers();
      List<Loss> losses = LossTheory.losses(strategy, offline.evaluation(), offline::sureErrors);
      measured.add(
          new Measured(
              strategy,
              BoardCosts.of(strategy, site.boards(), settings.set(strategy)),
              times.get(strategy),
              throughput.get(strategy),
              wire.get(strategy),
              losses.get(0).mean(),
              site.agreement(),
              losses,
              KillCheck.run(site, times.get(strategy).p50(), buses)));
    }
    return measured;
  }

  private static Times times(Rounds rounds, String strategy) {
    List<Double> all = rounds.all(strategy, StrategySite.MILLIS);
    List<Double> own = rounds.medians(strategy, StrategySite.MILLIS);
    List<Double> single = rounds.medians(Strategy.SINGLE.label(), StrategySite.MILLIS);
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < own.size(); round++) {
      ratios.add(single.get(round) / own.get(round));
    }
    return new Times(
        Quantiles.nearestRank(all, .5),
        Quantiles.nearestRank(all, .99),
        new Range(
            Quantiles.nearestRank(ratios, .5), Collections.min(ratios), Collections.max(ratios)));
  }

  @Override
  public void close() {
    sites.forEach(StrategySite::close);
    links.ifPresent(EmulatedLinks::close);
  }
}
