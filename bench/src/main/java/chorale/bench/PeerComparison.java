package chorale.bench;

import chorale.bench.Figure.Target;
import chorale.mqtt.PahoBus;
import chorale.protocol.Bytes;
import chorale.protocol.Result;
import chorale.protocol.Topics;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.ConnectionSettings;
import chorale.site.Camera;
import chorale.site.MeasurementException;
import chorale.site.Rounds;
import chorale.site.Site;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One fleet, ours and the peer's, on one broker: how often they agree, how long they take, how much
 * they bear. One owning thread; close it, which ends all processes.
 */
final class PeerComparison implements AutoCloseable {
  private static final Target RESPONSE = Target.atMost(.75);
  private static final Target RATE = Target.atLeast(1.5);
  private static final int BUDGET_MILLIS = 10_000;

  /** Enough to keep two cores busy, and fewer than a worker's queue holds. */
  private static final int IN_FLIGHT = 6;

  private static final String OURS = "ours";
  private static final String NODE = "Node.js";

  private final Plan plan;
  private final BusFactory buses;
  private final List<AutoCloseable> parts = new ArrayList<>();

  /** Ours, then the peer's. */
  private final List<LiveSystem> sides = new ArrayList<>();

  /**
   * What is compared.
   *
   * @param name in the table
   * @param site the beginning of the sites' names
   * @param networks a worker for each, on either side
   * @param logs gets those of the processes
   */
  record Plan(String name, String site, List<String> networks, Path models, Path logs) {
    Plan {
      networks = List.copyOf(networks);
    }
  }

  private PeerComparison(Plan plan, BusFactory buses) {
    this.plan = plan;
    this.buses = buses;
  }

  /** Starts both sides, and returns once they answer. */
  static PeerComparison start(Plan plan, URI broker, List<Bytes> images)
      throws IOException, MeasurementException, InterruptedException {
    BusFactory buses = PahoBus.factory(ConnectionSettings.of(broker));
    PeerComparison comparison = new PeerComparison(plan, buses);
    boolean started = false;
    try {
      comparison.startOurs(plan.site(), broker, images);
      comparison.startNode(plan.site() + "-node", broker, images);
      started = true;
      return comparison;
    } finally {
      if (!started) {
        comparison.close();
      }
    }
  }

  /** The bound would answer before all have voted, which the peer cannot. */
  private void startOurs(String name, URI broker, List<Bytes> images)
      throws IOException, MeasurementException, InterruptedException {
    Site.Plan sitePlan =
        new Site.Plan(
            name,
            plan.networks(),
            plan.models(),
            List.of(),
            Map.of("CHORALE_AGGREGATOR_BOUND", "false"));
    Site site = Site.start(sitePlan, broker, plan.logs());
    parts.add(site);
    Camera camera = camera(name);
    site.awaitReady(camera, images.get(0));
    sides.add(new LiveSystem(OURS, camera, images, 0));
  }

  private void startNode(String name, URI broker, List<Bytes> images)
      throws IOException, MeasurementException, InterruptedException {
    parts.add(NodeSite.start(name, plan.networks(), broker, plan.models()));
    sides.add(new LiveSystem(NODE, camera(name), images, 0));
  }

  private Camera camera(String site) {
    Camera camera = new Camera("bench", new Topics(site), BUDGET_MILLIS, buses);
    parts.add(camera);
    return camera;
  }

  /** On how many of the images both name the same class. */
  String agreement() throws MeasurementException, InterruptedException {
    List<Bytes> images = sides.get(0).images();
    int same = 0;
    for (Bytes image : images) {
      same += winner(sides.get(0), image).equals(winner(sides.get(1), image)) ? 1 : 0;
    }
    return "%s: both name the same class on %d of %d images"
        .formatted(plan.name(), same, images.size());
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

  /** Both sides answer for a while, so that their runtimes compile what runs often. */
  void warmUp(int requests) throws MeasurementException, InterruptedException {
    for (Throughput each : loads(requests)) {
      var unused = each.sample(0);
    }
  }

  /** One request at a time. */
  void times(FigureList figures, Rounds.Extent extent)
      throws MeasurementException, InterruptedException {
    addTo(figures, Rounds.run(sides, extent), LiveSystem.RESPONSE, "ms", RESPONSE);
  }

  /** Several requests at a time. */
  void rates(FigureList figures, int requests, Rounds.Extent extent)
      throws MeasurementException, InterruptedException {
    addTo(figures, Rounds.run(loads(requests), extent), Throughput.RATE, "images/s", RATE);
  }

  private void addTo(
      FigureList figures, Rounds rounds, String measure, String unit, Target target) {
    List<Double> ours = rounds.medians(OURS, measure);
    List<Double> node = rounds.medians(NODE, measure);
    figures.known(plan.name() + ", " + OURS, unit, ours);
    figures.known(plan.name() + ", " + NODE, unit, node);
    figures.judged(
        plan.name() + ", " + measure + ", ours / Node.js",
        "x",
        target,
        FigureList.ratios(ours, node));
  }

  @Override
  public void close() {
    for (int i = parts.size() - 1; i >= 0; i--) {
      try {
        parts.get(i).close();
      } catch (Exception e) {
        System.getLogger(PeerComparison.class.getName())
            .log(System.Logger.Level.WARNING, "a part does not close", e);
      }
    }
  }
}
