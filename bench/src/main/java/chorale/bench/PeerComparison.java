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
import java.util.stream.IntStream;

/**
 * A comparison of Chorale's fleet with those of the peers on one broker: agreement, response times
 * and rates. Owned by one thread; closing it ends all processes.
 */
final class PeerComparison implements AutoCloseable {
  private static final Target RESPONSE = Target.atMost(.75);
  private static final Target RATE = Target.atLeast(1.5);

  /** Enough to keep two cores busy, and fewer than the capacity of a worker's queue. */
  private static final int IN_FLIGHT = 6;

  private static final String OURS = "ours";

  private final String name;
  private final LocalSite.Plan plan;
  private final BenchBroker broker;
  private final ResourceStack resources = new ResourceStack();

  /** Chorale's fleet, then the peers' in the order of {@link Peer}. */
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

  /** Starts all fleets, and returns once they are ready. */
  void start(List<Bytes> images)
      throws IOException, MeasurementException, SiteException, InterruptedException {
    LocalSite ours = resources.add(broker.start(plan));
    var unused = ours.awaitReady(() -> false);
    sides.add(side(OURS, plan.name(), images));
    for (Peer peer : Peer.values()) {
      PeerSite site = resources.add(new PeerSite(peer, peer.site(plan.name()), broker));
      site.start(plan.boards(), plan.models());
      sides.add(side(peer.label(), peer.site(plan.name()), images));
    }
  }

  private LiveSystem side(String side, String site, List<Bytes> images) {
    return new LiveSystem(side, resources.add(broker.camera(site)), images, 0);
  }

  /** Returns, for each peer, on how many of the images it returns the same class as ours. */
  List<String> agreements() throws MeasurementException, InterruptedException {
    List<String> lines = new ArrayList<>();
    List<String> ours = winners(sides.get(0));
    for (LiveSystem peer : sides.subList(1, sides.size())) {
      List<String> theirs = winners(peer);
      long same =
          IntStream.range(0, ours.size()).filter(i -> ours.get(i).equals(theirs.get(i))).count();
      lines.add(
          "%s: %s returns the same class on %d of %d images"
              .formatted(name, peer.name(), same, ours.size()));
    }
    return lines;
  }

  private static List<String> winners(LiveSystem system)
      throws MeasurementException, InterruptedException {
    List<String> winners = new ArrayList<>();
    for (Bytes image : system.images()) {
      winners.add(winner(system, image));
    }
    return winners;
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

  /** Runs all fleets for a while, so that their runtimes compile hot code. */
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
    figures.known(name + ", " + OURS, unit, ours);
    for (Peer peer : Peer.values()) {
      List<Double> theirs = rounds.medians(peer.label(), measure);
      figures.known(name + ", " + peer.label(), unit, theirs);
      figures.judged(
          name + ", " + measure + ", ours / " + peer.label(),
          "x",
          target,
          FigureList.ratios(ours, theirs));
    }
  }

  @Override
  public void close() {
    resources.close();
  }
}
