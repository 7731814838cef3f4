package chorale.bench;

import chorale.bench.Figure.Target;
import chorale.evaluation.measurement.Camera;
import chorale.evaluation.measurement.MeasurementException;
import chorale.evaluation.measurement.Response;
import chorale.protocol.Bytes;
import chorale.protocol.Failure;
import chorale.protocol.Limits;
import chorale.protocol.Result;
import chorale.protocol.Result.Status;
import chorale.protocol.Topics;
import chorale.site.LocalSite;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * A measurement of overload: a frame of each of 2,000 cameras at once, and a flooding camera beside
 * a calm one. The site is real, with a worker for each variant.
 */
final class OverloadPart extends BenchPart {
  private static final String SITE = "bench-overload";
  private static final int BUDGET_MILLIS = Limits.DEFAULT_BUDGET_MILLIS;
  private static final long PATIENCE_NANOS = 20_000_000_000L;
  private static final long SECOND = 1_000_000_000L;
  private static final int FLOOD_RATE = 400;
  private static final int CALM_RATE = 2;

  OverloadPart() {
    super("overload", "2,000 cameras at once, and a flood beside a calm camera: results of each");
  }

  @Override
  Findings run(BenchSettings settings) throws Exception {
    BenchModels models = BenchModels.open(settings.models());
    List<Bytes> images = BenchImages.load();
    FigureList figures = new FigureList();
    try (BenchBroker broker = BenchBroker.start(settings);
        ResourceStack resources = new ResourceStack()) {
      LocalSite site =
          resources.add(broker.start(BenchBroker.site(SITE, models.variants(), models, 1, true)));
      var unused = site.awaitReady(() -> false);
      burst(figures, settings, broker, images);
      flood(figures, settings, broker, images);
    }
    return new Findings(
        figures.figures(),
        List.of(),
        List.of(
            "All processes share this machine. Frames are Chorale's images, 10 KB each, with a"
                + " budget of 1 s. Under overload, some results have no votes and the error"
                + " overloaded or expired. Others are decided by overload: the aggregator closes"
                + " their windows early."));
  }

  private static void burst(
      FigureList figures, BenchSettings settings, BenchBroker broker, List<Bytes> images)
      throws MeasurementException, InterruptedException {
    int count = settings.either(2_000, 200);
    List<String> cameras = IntStream.range(0, count).mapToObj(i -> "camera-" + i).toList();
    settings.tell("a frame of each of " + count + " cameras");
    try (ManyCameras crowd = new ManyCameras(new Topics(SITE), broker.connection())) {
      List<Response> all = crowd.burst(cameras, images, PATIENCE_NANOS);
      String name = "%,d cameras at once".formatted(count);
      figures.once(name + ", refused by the broker", "", crowd.refused());
      long without = all.stream().filter(each -> each.result().isEmpty()).count();
      figures.judged(
          name + ", without any result",
          "",
          Target.atMost(0),
          List.of((double) without - crowd.refused()));
      outcomes(figures, name, all);
      double last =
          all.stream()
              .filter(each -> each.result().isPresent())
              .mapToDouble(Response::millis)
              .max()
              .orElse(Double.NaN);
      figures.once(name + ", last result after", "ms", last);
    }
  }

  private static void flood(
      FigureList figures, BenchSettings settings, BenchBroker broker, List<Bytes> images)
      throws Exception {
    int seconds = settings.either(60, 2);
    settings.tell("a flood beside a calm camera, for " + seconds + " s");
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (Camera wild = new Camera("flood", new Topics(SITE), BUDGET_MILLIS, broker.buses());
        Camera calm = new Camera("calm", new Topics(SITE), BUDGET_MILLIS, broker.buses())) {
      wild.awaitSubscribed();
      Future<List<Response>> load =
          thread.submit(() -> wild.load(images, times(FLOOD_RATE, seconds)));
      List<Response> ofCalm = calm.load(images, times(CALM_RATE, seconds));
      long inTime =
          ofCalm.stream()
              .filter(each -> each.result().isPresent() && each.millis() <= BUDGET_MILLIS)
              .filter(each -> each.result().get().status() != Status.NO_ANSWER)
              .count();
      figures.judged(
          "calm camera beside a flood, answered in time",
          "%",
          Target.atLeast(99),
          List.of(100.0 * inTime / ofCalm.size()));
      figures.known(
          "calm camera beside a flood, response",
          "ms",
          ofCalm.stream().map(Response::millis).toList());
      List<Response> ofWild = load.get();
      long silent = ofWild.stream().filter(each -> each.result().isEmpty()).count();
      figures.judged("flood, without any result", "", Target.atMost(0), List.of((double) silent));
      outcomes(figures, "flood", ofWild);
    } finally {
      thread.shutdownNow();
    }
  }

  private static List<Long> times(int rate, int seconds) {
    return LongStream.range(0, (long) rate * seconds).mapToObj(i -> i * SECOND / rate).toList();
  }

  /** Counts the results by outcome. */
  private static void outcomes(FigureList figures, String name, List<Response> responses) {
    TreeMap<String, Integer> counts = new TreeMap<>();
    responses.stream()
        .flatMap(each -> each.result().stream())
        .forEach(each -> counts.merge(outcome(each), 1, Integer::sum));
    counts.forEach((outcome, count) -> figures.once(name + ", " + outcome, "", count));
  }

  private static String outcome(Result result) {
    if (result.status() != Status.NO_ANSWER) {
      return result.status().label();
    }
    return "no_answer by "
        + result.decidedBy().label()
        + result.error().map(Failure::code).map(code -> ": " + code).orElse("");
  }
}
