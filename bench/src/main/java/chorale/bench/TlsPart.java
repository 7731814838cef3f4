package chorale.bench;

import chorale.bench.Figure.Target;
import chorale.evaluation.measurement.Camera;
import chorale.evaluation.measurement.Rounds;
import java.util.List;
import java.util.Map;

/** What TLS costs: the response and the rate of a fleet with TLS, against one in clear. */
final class TlsPart extends BenchPart {
  private static final int IN_FLIGHT = 8;
  private static final double TARGET = 1.3;
  private static final String CLEAR = "bench-clear";
  private static final String TLS = "bench-tls";

  TlsPart() {
    super("tls", "the response of a fleet with TLS and users against one in clear");
  }

  @Override
  Findings run(BenchSettings settings) throws Exception {
    BenchModels models = BenchModels.open(settings.models());
    try (ResourceStack resources = new ResourceStack()) {
      List<LiveSystem> live =
          List.of(
              system(
                  CLEAR, resources.add(BenchBroker.start(settings)), models, resources, settings),
              system(TLS, resources.add(BenchBroker.secured(TLS)), models, resources, settings));
      settings.tell("warming up");
      for (LiveSystem each : live) {
        var unused = new Throughput(each, IN_FLIGHT, settings.either(6_000, 10)).sample(0);
      }
      settings.tell("measuring");
      Rounds responses =
          Rounds.run(live, new Rounds.Extent(1, settings.either(8, 1), settings.either(150, 1)));
      int count = settings.either(1_000, 10);
      Rounds rates =
          Rounds.run(
              live.stream().map(each -> new Throughput(each, IN_FLIGHT, count)).toList(),
              new Rounds.Extent(0, settings.either(8, 1), 1));
      return findings(responses, rates);
    }
  }

  /** A fleet of all variants on this broker, ready. */
  private static LiveSystem system(
      String name,
      BenchBroker broker,
      BenchModels models,
      ResourceStack resources,
      BenchSettings settings)
      throws Exception {
    Camera camera = resources.add(broker.camera(name));
    camera.awaitSubscribed();
    var site =
        resources.add(broker.start(BenchBroker.site(name, models.variants(), models, 1, false)));
    settings.tell("waiting for " + name);
    var unused = site.awaitReady(() -> false);
    return new LiveSystem(name, camera, BenchImages.load(), 0);
  }

  private static Findings findings(Rounds responses, Rounds rates) {
    FigureList figures = new FigureList();
    List<Double> clear = responses.medians(CLEAR, LiveSystem.RESPONSE);
    List<Double> tls = responses.medians(TLS, LiveSystem.RESPONSE);
    figures.known("response, in clear", "ms", clear);
    figures.known("response, with TLS", "ms", tls);
    figures.judged(
        "response, with TLS over in clear",
        "x",
        Target.atMost(TARGET),
        FigureList.ratios(tls, clear));
    Map<String, String> names = Map.of(CLEAR, "rate, in clear", TLS, "rate, with TLS");
    names.forEach(
        (system, name) -> figures.known(name, "frames/s", rates.medians(system, Throughput.RATE)));
    return new Findings(
        figures.figures(),
        List.of(),
        List.of(
            "As 'pipeline': responses one frame at a time, rates with "
                + IN_FLIGHT
                + ", every frame answered by all variants; a broker each, rounds alternate."));
  }
}
