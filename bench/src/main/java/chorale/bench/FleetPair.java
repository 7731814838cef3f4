package chorale.bench;

import chorale.bench.Figure.Target;
import chorale.evaluation.measurement.Camera;
import chorale.evaluation.measurement.MeasurementException;
import chorale.evaluation.measurement.Rounds;
import chorale.site.LocalSite;
import java.util.List;
import java.util.Optional;

/**
 * Two fleets that differ in one property, measured in alternating rounds. Owned by one thread.
 *
 * @param base the baseline of the comparison
 */
record FleetPair(LiveSystem base, LiveSystem other) {
  private static final int IN_FLIGHT = 8;

  /** A note about the measurement. */
  static final String NOTE =
      "As in 'pipeline': responses with one frame at a time, rates with "
          + IN_FLIGHT
          + " frames in flight. All variants answer every frame; rounds alternate.";

  /** The rounds of both fleets. */
  record Measured(FleetPair pair, Rounds responses, Rounds rates) {
    /**
     * Adds the figures of both fleets and their ratios.
     *
     * @param base the name of the base in figures
     * @param other the name of the other fleet in figures
     * @param response the target of the other's response time over the base's
     * @param rate the target of the other's rate over the base's
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
   * @param rateRounds the number of rounds of the rate
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
