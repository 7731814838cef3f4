package chorale.evaluation.comparison;

import chorale.evaluation.EvaluationException;
import chorale.evaluation.comparison.Comparison.BoardCost;
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
import chorale.variants.ModelSet;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A run of a comparison: every strategy is a site of real processes, all on one broker at the same
 * time, measured in turns. Used by one thread.
 */
public final class ComparisonRun implements AutoCloseable {
  /** Requests in flight for throughput: enough to keep every board of every strategy busy. */
  static final int IN_FLIGHT = 40;

  private static final int BUDGET_MILLIS = 60_000;
  private static final int WARM_UP_ROUNDS = 2;

  private final ComparisonSettings settings;
  private final Map<Contender, OfflineAnswers> answers;
  private final BusFactory buses;
  private final Optional<EmulatedLinks> links;
  private final List<StrategySite> sites = new ArrayList<>();

  private ComparisonRun(
      ComparisonSettings settings,
      Map<Contender, OfflineAnswers> answers,
      BusFactory buses,
      Optional<EmulatedLinks> links) {
    this.settings = settings;
    this.answers = answers;
    this.buses = buses;
    this.links = links;
  }

  /**
   * Starts all sites, measures them, and stops them.
   *
   * @param answers offline answers for each contender, in the order of the report
   * @param buses connects to the broker at an address
   * @param reporter receives a line for each step
   */
  public static Comparison run(
      ComparisonSettings settings,
      Map<Contender, OfflineAnswers> answers,
      Function<URI, BusFactory> buses,
      Consumer<String> reporter)
      throws IOException,
          SiteException,
          EvaluationException,
          MeasurementException,
          InterruptedException {
    try (TemporaryFolder folder = TemporaryFolder.create("chorale-compare-");
        LocalBroker broker = LocalBroker.start(LocalBroker.EMBEDDED, folder.path());
        ComparisonRun run =
            new ComparisonRun(
                settings,
                answers,
                buses.apply(broker.uri()),
                settings.link().map(kind -> new EmulatedLinks(kind, broker.uri())))) {
      for (Contender contender : answers.keySet()) {
        reporter.accept("starting the boards of strategy " + contender.label());
        run.start(contender, broker, folder.path());
      }
      return new Comparison(run.conditions(), run.measure(reporter));
    }
  }

  private void start(Contender contender, LocalBroker broker, Path folder)
      throws IOException, SiteException, MeasurementException, InterruptedException {
    LocalSite.Plan plan = plan(contender, folder);
    Camera camera = new Camera("compare", plan.topics(), BUDGET_MILLIS, buses);
    try {
      // Subscribe first: while many processes start, the broker responds slowly.
      camera.awaitSubscribed();
      LocalSite site = LocalSite.start(plan, broker, buses, folder.resolve(plan.name()));
      sites.add(new StrategySite(contender, site, camera, answers.get(contender)));
    } catch (IOException | MeasurementException | InterruptedException | RuntimeException e) {
      camera.close();
      throw e;
    }
    // No interrupt check needed: a signal ends this process and its children at once.
    var unused = sites.get(sites.size() - 1).site().awaitReady(() -> false);
  }

  private LocalSite.Plan plan(Contender contender, Path folder) throws IOException, SiteException {
    ModelSet set = settings.set(contender.strategy());
    List<Board> boards = new ArrayList<>();
    for (Board each : contender.boards(set)) {
      boards.add(links.isPresent() ? each.through(links.get().board()) : each);
    }
    Path config =
        Files.writeString(folder.resolve("compare.conf"), "chorale.aggregator.deadline = 60s\n");
    List<String> strategyOf = List.of("--strategy", contender.strategy().label());
    List<String> workers = new ArrayList<>(settings.workerArguments());
    workers.addAll(strategyOf);
    Topics topics = contender.topics();
    return new LocalSite.Plan(
        topics.site(),
        topics,
        boards,
        set.directory(),
        new LocalSite.Arguments(
            List.of("--config", config.toString()), strategyOf, workers, Map.of()));
  }

  private Conditions conditions() {
    return new Conditions(
        settings.set().name(),
        settings.images(),
        sites.get(0).answers().count(),
        settings.boardFactor(),
        settings.link().map(each -> each.name() + ": " + each.described()).orElse("none"),
        settings.tensorType(),
        settings.rounds() * settings.turns(),
        settings.set().referenceManifest().orElseThrow().validationAccuracy());
  }

  private List<Measured> measure(Consumer<String> reporter)
      throws EvaluationException, MeasurementException, InterruptedException {
    reporter.accept("response times, in turns");
    Rounds rounds =
        Rounds.run(sites, new Rounds.Extent(WARM_UP_ROUNDS, settings.rounds(), settings.turns()));
    Map<StrategySite, Times> times = new HashMap<>();
    Map<StrategySite, Double> throughput = new HashMap<>();
    Map<StrategySite, Wire> wire = new HashMap<>();
    for (StrategySite site : sites) {
      reporter.accept("throughput and bytes of strategy " + site.name());
      times.put(site, times(rounds, site.contender()));
      throughput.put(site, site.throughput(times.get(site).p50()));
      wire.put(site, site.wire(BoardCosts.rawInputBytes(site.contender(), set(site)), buses));
    }
    List<Measured> measured = new ArrayList<>();
    for (StrategySite site : sites) {
      reporter.accept("killing boards of strategy " + site.name());
      Contender contender = site.contender();
      OfflineAnswers offline = site.answers();
      List<BoardCost> boards = BoardCosts.of(contender, site.boards(), set(site));
      List<Loss> losses =
          contender.tiers().isPresent()
              ? LossTheory.losses(contender.tiers().get(), offline)
              : LossTheory.losses(contender.strategy(), offline.evaluation(), offline::sureErrors);
      measured.add(
          new Measured(
              contender,
              boards,
              BoardCosts.work(contender, boards, offline),
              times.get(site),
              throughput.get(site),
              wire.get(site),
              losses.get(0).mean(),
              site.agreement(),
              losses,
              KillCheck.run(site, times.get(site).p50(), buses)));
    }
    return measured;
  }

  private ModelSet set(StrategySite site) {
    return settings.set(site.contender().strategy());
  }

  private Times times(Rounds rounds, Contender contender) {
    String strategy = contender.label();
    List<Double> all = rounds.all(strategy, StrategySite.MILLIS);
    List<Double> own = rounds.means(strategy, StrategySite.MILLIS);
    List<Double> single = rounds.means(Strategy.SINGLE.label(), StrategySite.MILLIS);
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < own.size(); round++) {
      ratios.add(single.get(round) / own.get(round));
    }
    double mean = Quantiles.mean(all);
    double ratio = Quantiles.mean(rounds.all(Strategy.SINGLE.label(), StrategySite.MILLIS)) / mean;
    return new Times(
        mean,
        Quantiles.nearestRank(all, .5),
        Quantiles.nearestRank(all, .99),
        new Range(ratio, Collections.min(ratios), Collections.max(ratios)),
        contender
            .tiers()
            .filter(tiers -> tiers.plan().tiers().get(0).equals(settings.set().ids()))
            .flatMap(tiers -> notAsked(rounds, strategy)));
  }

  /**
   * Returns the ratio of mean times for images decided by the first tier. Every strategy has the
   * same images in the same order.
   */
  private static Optional<Double> notAsked(Rounds rounds, String strategy) {
    List<Double> own = rounds.all(strategy, StrategySite.MILLIS);
    List<Double> tiers = rounds.all(strategy, StrategySite.TIER);
    List<Double> variant = rounds.all(Strategy.VARIANT.label(), StrategySite.MILLIS);
    double sum = 0;
    double variantSum = 0;
    for (int i = 0; i < own.size(); i++) {
      if (tiers.get(i) == 1) {
        sum += own.get(i);
        variantSum += variant.get(i);
      }
    }
    return variantSum > 0 ? Optional.of(sum / variantSum) : Optional.empty();
  }

  @Override
  public void close() {
    sites.forEach(StrategySite::close);
    links.ifPresent(EmulatedLinks::close);
  }
}
