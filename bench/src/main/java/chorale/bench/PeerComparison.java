package chorale.bench;

import chorale.bench.Figure.Target;
import chorale.evaluation.measurement.MeasurementException;
import chorale.evaluation.measurement.Rounds;
import chorale.protocol.Bytes;
import chorale.protocol.Result;
import chorale.site.LocalSite;
import chorale.site.SiteException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A comparison of Chorale's fleet with the peer's on one broker: agreement, response times and
 * rates. Owned by one thread; closing it ends all processes.
 */
final class PeerComparison implements AutoCloseable {
  private static final Target RESPONSE = Target.atMost(.75);
  private static final Target RATE = Target.atLeast(1.5);

  /** Enough to keep two cores busy, and fewer than the capacity of a worker's queue. */
  private static final int IN_FLIGHT = 6;

  private static final String OURS = "ours";
  private static final String NODE = "Node.js";

  private final String name;
  private final LocalSite.Plan plan;
  private final BenchBroker broker;
  private final ResourceStack resources = new ResourceStack();

  /** Chorale's fleet, then the peer's. */
  private final List<LiveSystem> sides = new ArrayList<>();

  /**
   * @param name the name in the table
   * @param plan the plan of Chorale's site
   */
  PeerComparison(String name, LocalSite.Plan plan, BenchBroker broker) {
    this.name = name;
    this.plan = plan;
    this.broker = broker;
  }

  /** Starts both fleets, and returns once they are ready. */
  void start(List<Bytes> images)
      throws IOException, MeasurementException, SiteException, InterruptedException {
    LocalSite ours = resources.add(broker.start(plan));
    var unused = ours.awaitReady(() -> false);
    NodeSite node = resources.add(new NodeSite(plan.name() + "-node", broker));
    node.start(plan.boards(), plan.models());
    sides.add(side(OURS, plan.name(), images));
    sides.add(side(NODE, plan.name() + "-node", images));
  }

  private LiveSystem side(String side, String site, List<Bytes> images) {
    return new LiveSystem(side, resources.add(broker.camera(site)), images, 0);
  }

  /** Returns on how many of the images both fleets return the same class. */
  String agreement() throws MeasurementException, InterruptedException {
    List<Bytes> images = sides.get(0).images();
    int same = 0;
    for (Bytes image : images) {
      same += winner(sides.get(0), image).equals(winner(sides.get(1), image)) ? 1 : 0;
    }
    return "%s: both return the same class on %d of %d images".formatted(name, same, images.size());
  }

  private static String winner(LiveSystem system, Bytes image)
      throws MeasurementException, InterruptedException {
    return system
        .camera()
        .ask(image)
        .result()
        .flatMap(Result::answer)
        .map(Result.Answer::name)
        .orElse("nothing");
  }

  private List<Throughput> loads(int requests) {
    return sides.stream().map(each -> new Throughput(each, IN_FLIGHT, requests)).toList();
  }

  /** Runs both fleets for a while, so that their runtimes compile hot code. */
  void warmUp(int requests) throws MeasurementException, InterruptedException {
    for (Throughput each : loads(requests)) {
      var unused = each.sample(0);
    }
  }

  /** Measures response times with one request at a time. */
  void times(FigureList figures, Rounds.Extent extent)
      throws MeasurementException, InterruptedException {
    addTo(figures, Rounds.run(sides, extent), LiveSystem.RESPONSE, "ms", RESPONSE);
  }

  /** Measures rates with several requests at a time. */
  void rates(FigureList figures, int requests, Rounds.Extent extent)
      throws MeasurementException, InterruptedException {
    addTo(figures, Rounds.run(loads(requests), extent), Throughput.RATE, "images/s", RATE);
  }

  private void addTo(
      FigureList figures, Rounds rounds, String measure, String unit, Target target) {
    List<Double> ours = rounds.medians(OURS, measure);
    List<Double> node = rounds.medians(NODE, measure);
    figures.known(name + ", " + OURS, unit, ours);
    figures.known(name + ", " + NODE, unit, node);
    figures.judged(
        name + ", " + measure + ", ours / Node.js", "x", target, FigureList.ratios(ours, node));
  }

  @Override
  public void close() {
    resources.close();
  }
}
