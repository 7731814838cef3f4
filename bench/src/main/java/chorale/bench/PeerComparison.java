package chorale.bench;

import chorale.bench.Figure.Target;
import chorale.evaluation.measurement.Camera;
import chorale.evaluation.measurement.MeasurementException;
import chorale.evaluation.measurement.Response;
import chorale.evaluation.measurement.Rounds;
import chorale.mqtt.PahoBus;
import chorale.protocol.Bytes;
import chorale.protocol.Result;
import chorale.protocol.Topics;
import chorale.protocol.bus.ConnectionSettings;
import chorale.site.Board;
import chorale.site.LocalBroker;
import chorale.site.LocalSite;
import chorale.site.SiteException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One fleet, ours and the peer's, on one broker: how often they agree, how long they take, how much
 * they bear. One owning thread; close it, which ends all processes.
 */
final class PeerComparison implements AutoCloseable {
  private static final double MOST_TIME = 0.75;
  private static final double LEAST_RATE = 1.5;
  private static final int BUDGET_MILLIS = 10_000;

  /** Enough to keep two cores busy, and fewer than a worker's queue holds. */
  private static final int IN_FLIGHT = 6;

  private static final String OURS = "ours";
  private static final String NODE = "Node.js";

  private final Plan plan;
  private final LocalBroker broker;
  private final List<AutoCloseable> parts = new ArrayList<>();
  private final LiveSystem ours;
  private final LiveSystem node;

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

  /** Starts both sides, and returns once they answer. */
  PeerComparison(Plan plan, LocalBroker broker, List<Bytes> images)
      throws BenchException, InterruptedException {
    this.plan = plan;
    this.broker = broker;
    try {
      ours = startOurs(plan.site(), images);
      node = startNode(plan.site() + "-node", images);
    } catch (IOException | SiteException e) {
      close();
      throw new BenchException("peers: " + e.getMessage(), e);
    } catch (BenchException | InterruptedException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** The bound would answer before all have voted, which the peer cannot. */
  private LiveSystem startOurs(String name, List<Bytes> images)
      throws IOException, SiteException, InterruptedException {
    LocalSite.Arguments arguments =
        new LocalSite.Arguments(
            List.of(), List.of(), List.of(), Map.of("CHORALE_AGGREGATOR_BOUND", "false"));
    LocalSite site =
        LocalSite.start(
            new LocalSite.Plan(
                name,
                new Topics(name),
                plan.networks().stream().map(Board::of).toList(),
                plan.models(),
                arguments),
            broker,
            PahoBus.factory(ConnectionSettings.of(broker.uri())),
            plan.logs().resolve(name));
    parts.add(site);
    Camera camera = camera(name);
    var unused = site.awaitReady(() -> false);
    return new LiveSystem(OURS, camera, images, 0);
  }

  private LiveSystem startNode(String name, List<Bytes> images)
      throws IOException, BenchException, InterruptedException {
    parts.add(NodeSite.start(name, plan.networks(), broker.uri(), plan.models()));
    return new LiveSystem(NODE, camera(name), images, 0);
  }

  private Camera camera(String site) {
    Camera camera =
        new Camera(
            "bench",
            new Topics(site),
            BUDGET_MILLIS,
            PahoBus.factory(ConnectionSettings.of(broker.uri())));
    parts.add(camera);
    return camera;
  }

  /** On how many of the images, of those that were asked about, both name the same class. */
  String agreement() throws MeasurementException, InterruptedException {
    int same = 0;
    for (Bytes image : ours.images()) {
      same += winner(ours, image).equals(winner(node, image)) ? 1 : 0;
    }
    return "%s: both name the same class on %d of %d images"
        .formatted(plan.name(), same, ours.images().size());
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

  /** Until both sides run as those do that have run for a while: what runs hot is compiled then. */
  void warmUp(int requests) throws MeasurementException, InterruptedException {
    for (LiveSystem each : List.of(ours, node)) {
      var unused = new Load(each, requests).sample(0);
    }
  }

  /** One request at a time. */
  List<Figure> times(Rounds.Extent extent) throws MeasurementException, InterruptedException {
    Rounds rounds = Rounds.run(List.of(ours, node), extent);
    return figures(rounds, LiveSystem.RESPONSE, "ms", Target.atMost(MOST_TIME));
  }

  /** As many as they bear. */
  List<Figure> rates(int requests, Rounds.Extent extent)
      throws MeasurementException, InterruptedException {
    List<Load> loads = List.of(new Load(ours, requests), new Load(node, requests));
    return figures(Rounds.run(loads, extent), Load.RATE, "images/s", Target.atLeast(LEAST_RATE));
  }

  private List<Figure> figures(Rounds rounds, String measure, String unit, Target target) {
    List<Figure> figures = new ArrayList<>();
    for (LiveSystem each : List.of(ours, node)) {
      figures.add(
          Figure.known(
              plan.name() + ", " + each.name(),
              unit,
              Spread.of(rounds.medians(each.name(), measure))));
    }
    Spread ratio =
        Spread.of(Ratios.of(rounds.medians(OURS, measure), rounds.medians(NODE, measure)));
    figures.add(
        Figure.judged(plan.name() + ", " + measure + ", ours / Node.js", "x", target, ratio));
    return figures;
  }

  /**
   * A system that always has {@value #IN_FLIGHT} requests to answer.
   *
   * @param requests in one sample
   */
  private record Load(LiveSystem system, int requests) implements Rounds.Subject {
    static final String RATE = "rate";

    @Override
    public String name() {
      return system.name();
    }

    @Override
    public Map<String, Double> sample(int turn) throws MeasurementException, InterruptedException {
      List<Bytes> images = new ArrayList<>();
      for (int i = 0; i < requests; i++) {
        images.add(system.images().get(i % system.images().size()));
      }
      long started = System.nanoTime();
      List<Response> responses = system.camera().askMany(images, IN_FLIGHT);
      double seconds = (System.nanoTime() - started) / 1e9;
      long unanswered = responses.stream().filter(each -> !each.isAnswered()).count();
      if (unanswered > 0) {
        throw new MeasurementException(
            "%s left %d of %d requests unanswered".formatted(name(), unanswered, requests));
      }
      return Map.of(RATE, requests / seconds);
    }
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
