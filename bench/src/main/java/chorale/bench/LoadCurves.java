package chorale.bench;

import chorale.evaluation.measurement.MeasurementException;
import chorale.evaluation.measurement.Quantiles;
import chorale.evaluation.measurement.Response;
import chorale.evaluation.report.Plot;
import chorale.evaluation.report.SeriesStyle;
import chorale.evaluation.report.XyPlot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Response times and throughput in an open loop: frames arrive at random times (Poisson, the same
 * in every run), at a rate that rises beyond the system's capacity. Each response is timed from
 * when its frame was due. Immutable once measured.
 */
final class LoadCurves {
  /** The offered rates, as shares of the closed loop's throughput. */
  private static final double[] SHARES = {.25, .5, .7, .85, 1, 1.2, 1.5};

  /** The share at which percentiles are reported. */
  private static final double HALF_LOAD = .5;

  private static final int SEED = 20261123;

  private final Map<String, Curve> curves = new LinkedHashMap<>();

  /**
   * The measurements of a system at all rates.
   *
   * @param capacity images a second in the closed loop, four at a time
   */
  private record Curve(double capacity, List<Point> points) {}

  /**
   * A measurement at one rate.
   *
   * @param share the share of the capacity
   * @param offered the published frames a second
   * @param answered the frames a second that were answered by all
   * @param millis the response times of all answered frames
   */
  private record Point(double share, double offered, double answered, List<Double> millis) {
    double millis(double percentile) {
      return Quantiles.nearestRank(millis, percentile / 100);
    }
  }

  private LoadCurves() {}

  static LoadCurves measure(Systems systems, BenchModels models, BenchSettings settings)
      throws MeasurementException, InterruptedException {
    LoadCurves measured = new LoadCurves();
    for (String name : List.of(Systems.BY_ALL, models.reference())) {
      measured.curves.put(name, curve(systems.live(name), settings));
    }
    return measured;
  }

  private static Curve curve(LiveSystem system, BenchSettings settings)
      throws MeasurementException, InterruptedException {
    Throughput closedLoop = new Throughput(system, 4, settings.either(100, 10));
    double capacity = closedLoop.sample(0).get(Throughput.RATE);
    List<Point> points = new ArrayList<>();
    for (double share : SHARES) {
      int frames = settings.either(share == HALF_LOAD ? 2_000 : 600, 20);
      points.add(point(system, share, share * capacity, frames));
    }
    return new Curve(capacity, points);
  }

  private static Point point(LiveSystem system, double share, double rate, int frames)
      throws MeasurementException, InterruptedException {
    SplittableRandom random = new SplittableRandom(SEED);
    List<Long> offsets = new ArrayList<>();
    double at = 0;
    for (int i = 0; i < frames; i++) {
      offsets.add((long) at);
      at -= Math.log(1 - random.nextDouble()) * 1e9 / rate;
    }
    long start = System.nanoTime();
    List<Response> responses = system.camera().load(system.images(), offsets);
    double seconds = (System.nanoTime() - start) / 1e9;
    List<Double> millis =
        responses.stream().filter(Response::isAnswered).map(Response::millis).toList();
    return new Point(share, frames * 1e9 / at, millis.size() / seconds, millis);
  }

  List<Figure> figures() {
    FigureList figures = new FigureList();
    curves.forEach(
        (name, curve) -> {
          figures.once(name + ", capacity (4 at a time)", "images/s", curve.capacity());
          curve.points().stream()
              .filter(point -> point.share() == HALF_LOAD)
              .forEach(point -> percentiles(figures, name + ", open loop at half load, p", point));
        });
    return figures.figures();
  }

  private static void percentiles(FigureList figures, String name, Point point) {
    for (String percentile : List.of("50", "99", "99.9")) {
      figures.once(name + percentile, "ms", point.millis(Double.parseDouble(percentile)));
    }
  }

  List<Plot> plots() {
    String x = "frames a second, at random times";
    XyPlot times =
        new XyPlot("Response time against load, all on this machine", x, "response time, ms")
            .fromZero();
    XyPlot rates =
        new XyPlot("Throughput against load, all on this machine", x, "answered by all, a second");
    int index = 0;
    for (Map.Entry<String, Curve> curve : curves.entrySet()) {
      List<Point> points = curve.getValue().points();
      List<Double> offered = points.stream().map(Point::offered).toList();
      List<Double> answered = points.stream().map(Point::answered).toList();
      rates.line(curve.getKey(), offered, answered, SeriesStyle.dashed(index));
      for (int percentile : new int[] {50, 99}) {
        List<Double> millis = points.stream().map(each -> each.millis(percentile)).toList();
        SeriesStyle style = SeriesStyle.dashed(2 * index + percentile / 99);
        times.line(curve.getKey() + ", p" + percentile, offered, millis, style);
      }
      index++;
    }
    return List.of(times.plot("pipeline-load-response"), rates.plot("pipeline-load-throughput"));
  }
}
