package chorale.bench;

import chorale.evaluation.measurement.MeasurementException;
import chorale.evaluation.measurement.Response;
import chorale.protocol.Bytes;
import chorale.variants.ModelSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;
import org.knowm.xchart.XYChart;

/**
 * The open loop: frames come at random times (Poisson, the same in every run) at a rate that rises
 * until the system cannot follow, and each is timed from when it was due. Immutable when measured.
 */
final class LoadCurves {
  /** Of what the closed loop reaches. */
  private static final double[] SHARES = {.25, .5, .7, .85, 1, 1.2, 1.5};

  /** Where the percentiles are told. */
  private static final double HALF_LOAD = .5;

  private static final int SEED = 20261123;

  private final Map<String, List<Point>> curves = new LinkedHashMap<>();
  private final Map<String, Double> capacities = new LinkedHashMap<>();

  /**
   * One rate.
   *
   * @param share of the capacity
   * @param offered frames a second
   * @param answered by all, a second
   * @param nanos of all that were answered
   */
  private record Point(double share, double offered, double answered, Histogram nanos) {
    double millis(double percentile) {
      return nanos.getValueAtPercentile(percentile) / 1e6;
    }
  }

  private LoadCurves() {}

  static LoadCurves measure(Systems systems, ModelSet set, Settings settings)
      throws MeasurementException, InterruptedException {
    LoadCurves measured = new LoadCurves();
    for (String name : List.of(Systems.BY_ALL, Systems.reference(set))) {
      measured.measure(systems.live(name), settings);
    }
    return measured;
  }

  private void measure(LiveSystem system, Settings settings)
      throws MeasurementException, InterruptedException {
    double capacity = capacity(system, settings.either(100, 10));
    capacities.put(system.name(), capacity);
    List<Point> points = new ArrayList<>();
    for (double share : SHARES) {
      int frames = settings.either(share == HALF_LOAD ? 2_000 : 600, 20);
      points.add(point(system, share, share * capacity, frames));
    }
    curves.put(system.name(), points);
  }

  private static double capacity(LiveSystem system, int count)
      throws MeasurementException, InterruptedException {
    List<Bytes> images = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      images.add(system.images().get(i % system.images().size()));
    }
    long start = System.nanoTime();
    var unused = system.camera().askMany(images, 4);
    return count * 1e9 / (System.nanoTime() - start);
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
    double took = (System.nanoTime() - start) / 1e9;
    Histogram nanos = new Histogram(3);
    responses.stream()
        .filter(Response::isAnswered)
        .forEach(each -> nanos.recordValue(Math.max(1, each.nanos())));
    return new Point(share, frames * 1e9 / at, nanos.getTotalCount() / took, nanos);
  }

  List<Figure> figures() {
    List<Figure> figures = new ArrayList<>();
    curves.forEach(
        (name, points) -> {
          figures.add(
              Figure.known(
                  name + ", capacity (4 at a time)",
                  "images/s",
                  Spread.once(capacities.get(name))));
          points.stream()
              .filter(point -> point.share() == HALF_LOAD)
              .forEach(
                  point -> {
                    for (double percentile : new double[] {50, 99, 99.9}) {
                      figures.add(
                          Figure.known(
                              name
                                  + ", open loop at half load, p"
                                  + Double.toString(percentile).replace(".0", ""),
                              "ms",
                              Spread.once(point.millis(percentile))));
                    }
                  });
        });
    return figures;
  }

  List<Findings.Plot> plots() {
    String byLoad = "Response time against load, all on this machine";
    XYChart times =
        Distribution.chart(byLoad, "frames a second, at random times", "response time, ms");
    times.getStyler().setYAxisMin(0.0);
    String byRate = "Throughput against load, all on this machine";
    XYChart rates =
        Distribution.chart(byRate, "frames a second, at random times", "answered by all, a second");
    curves.forEach(
        (name, points) -> {
          List<Double> offered = points.stream().map(Point::offered).toList();
          for (double percentile : new double[] {50, 99}) {
            Distribution.add(
                times,
                name + ", p" + (int) percentile,
                offered,
                points.stream().map(point -> point.millis(percentile)).toList());
          }
          Distribution.add(rates, name, offered, points.stream().map(Point::answered).toList());
        });
    return List.of(
        Distribution.plot("pipeline-load-response", byLoad, times),
        Distribution.plot("pipeline-load-throughput", byRate, rates));
  }
}
