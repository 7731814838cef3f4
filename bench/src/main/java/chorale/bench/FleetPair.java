package chorale.bench;

import chorale.bench.Figure.Target;
import chorale.evaluation.measurement.Camera;
import chorale.evaluation.measurement.MeasurementException;
import chorale.evaluation.measurement.Rounds;
import chorale.site.LocalSite;
import java.util.List;
import java.util.Optional;

/**
 * Two fleets that differ in one thing, measured side by side. One owning thread.
 *
 * @param base what the other is compared with
 */
record FleetPair(LiveSystem base, LiveSystem other) {
  private static final int IN_FLIGHT = 8;

  /** How it is measured, for people. */
  static final String NOTE =
      "As 'pipeline': responses one frame at a time, rates with "
          + IN_FLIGHT
          + ", every frame answered by all variants; rounds alternate.";

  /** What came of it. */
  record Measured(FleetPair pair, Rounds responses, Rounds rates) {
    /**
     * @param base the base in words, in the names of figures
     * @param other the other fleet in words
     * @param response of the other over the base's
     * @param rate the same
     */
    void tell(
        FigureList figures,
        String base,
        String other,
        Optional<Target> response,
        Optional<Target> rate) {
      compare(figures, responses, LiveSystem.RESPONSE, "ms", base, other, response);
      compare(figures, rates, Throughput.RATE, "frames/s", base, other, rate);
    }

    private void compare(
        FigureList figures,
        Rounds rounds,
        String key,
        String unit,
        String base,
        String other,
        Optional<Target> target) {
      List<Double> below = rounds.medians(pair.base().name(), key);
      List<Double> above = rounds.medians(pair.other().name(), key);
      figures.known(key + ", " + base, unit, below);
      figures.known(key + ", " + other, unit, above);
      figures.add(
          key + ", " + other + " over " + base,
          "x",
          target,
          Spread.of(FigureList.ratios(above, below)));
    }
  }

  /** Starts a site and waits until it is ready. */
  static LiveSystem ready(
      LocalSite.Plan plan, BenchBroker broker, ResourceStack resources, BenchSettings settings)
      throws Exception {
    Camera camera = resources.add(broker.camera(plan.name()));
    camera.awaitSubscribed();
    LocalSite site = resources.add(broker.start(plan));
    settings.tell("waiting for " + plan.name());
    var unused = site.awaitReady(() -> false);
    return new LiveSystem(plan.name(), camera, BenchImages.load(), 0);
  }

  /**
   * @param rateRounds how often the rate is measured
   */
  Measured measure(BenchSettings settings, int rateRounds)
      throws MeasurementException, InterruptedException {
    List<LiveSystem> both = List.of(base, other);
    settings.tell("warming up");
    for (LiveSystem each : both) {
      var unused = new Throughput(each, IN_FLIGHT, settings.either(6_000, 10)).sample(0);
    }
    settings.tell("measuring");
    Rounds responses =
        Rounds.run(both, new Rounds.Extent(1, settings.either(8, 1), settings.either(150, 1)));
    int count = settings.either(1_000, 10);
    Rounds rates =
        Rounds.run(
            both.stream().map(each -> new Throughput(each, IN_FLIGHT, count)).toList(),
            new Rounds.Extent(0, settings.either(rateRounds, 1), 1));
    return new Measured(this, responses, rates);
  }
}
