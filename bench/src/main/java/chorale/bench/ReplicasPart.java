package chorale.bench;

import chorale.evaluation.measurement.Camera;
import chorale.evaluation.measurement.Rounds;
import chorale.protocol.WorkerInfo;
import chorale.site.Board;
import chorale.site.LocalSite;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The rate of a fleet on emulated boards with one board for each variant, and with two that share
 * its frames. Every frame is answered by all variants.
 */
final class ReplicasPart extends BenchPart {
  private static final int IN_FLIGHT = 32;
  private static final double TARGET = 1.8;

  /** The last of the frames in flight waits for all others. */
  private static final int BUDGET_MILLIS = 60_000;

  /** None is decided before all variants have voted. */
  private static final Map<String, String> ENVIRONMENT =
      Map.of("CHORALE_AGGREGATOR_BOUND", "false");

  ReplicasPart() {
    super("replicas", "the rate of two emulated boards for each variant against one");
  }

  @Override
  Findings run(BenchSettings settings) throws Exception {
    BenchModels models = BenchModels.open(settings.models());
    int factor = settings.either(settings.boardFactor(), 2);
    try (BenchBroker broker = BenchBroker.start(settings);
        ResourceStack resources = new ResourceStack()) {
      Fleet one = new Fleet(1, models);
      Fleet two = new Fleet(2, models);
      List<Double> shares = new ArrayList<>();
      List<LiveSystem> live = new ArrayList<>();
      for (Fleet each : List.of(one, two)) {
        LocalSite.Plan plan =
            BenchBroker.site(each.site(), each.boards(), models, factor, ENVIRONMENT);
        Camera camera =
            resources.add(new Camera("bench", plan.topics(), BUDGET_MILLIS, broker.buses()));
        camera.awaitSubscribed();
        settings.tell("waiting for " + plan.boards().size() + " boards");
        LocalSite site = resources.add(broker.start(plan));
        shares.add(largestShare(site.awaitReady(() -> false)));
        live.add(new LiveSystem(each.site(), camera, BenchImages.load(), 0));
      }
      settings.tell("warming up");
      int count = settings.either(400, 8);
      for (int i = 0; i < live.size(); i++) {
        // As many frames for each board: Java compiles what runs often.
        var unused = new Throughput(live.get(i), IN_FLIGHT, 2 * count * (i + 1)).sample(0);
      }
      settings.tell("measuring");
      Rounds rounds =
          Rounds.run(
              live.stream().map(each -> new Throughput(each, IN_FLIGHT, count)).toList(),
              new Rounds.Extent(0, settings.either(6, 1), 1));
      return findings(rounds, one.site(), two.site(), shares.get(1), factor);
    }
  }

  /** So many boards for each variant. */
  private record Fleet(int replicas, BenchModels models) {
    String site() {
      return "bench-replicas-" + replicas;
    }

    List<Board> boards() {
      List<Board> boards = new ArrayList<>();
      for (String variant : models.variants()) {
        for (int i = 1; i <= replicas; i++) {
          boards.add(new Board(variant + '-' + i, List.of("--variant", variant)));
        }
      }
      return boards;
    }
  }

  /** Of a board in the frames of its variant, by the self-benchmarks. */
  private static double largestShare(List<WorkerInfo> workers) {
    double largest = 0;
    for (WorkerInfo each : workers) {
      double all =
          workers.stream()
              .filter(each::sharesWith)
              .mapToDouble(other -> 1 / other.selfBenchmarkMillis())
              .sum();
      largest = Math.max(largest, 1 / each.selfBenchmarkMillis() / all);
    }
    return largest;
  }

  private static Findings findings(
      Rounds rounds, String one, String two, double share, int factor) {
    FigureList figures = new FigureList();
    List<Double> ofOne = rounds.medians(one, Throughput.RATE);
    List<Double> ofTwo = rounds.medians(two, Throughput.RATE);
    figures.known("one board for each variant", "frames/s", ofOne);
    figures.known("two boards for each variant", "frames/s", ofTwo);
    figures.judged(
        "two over one", "x", Figure.Target.atLeast(TARGET), FigureList.ratios(ofTwo, ofOne));
    figures.once("largest share of a board in its variant's frames", "%", 100 * share);
    return new Findings(
        figures.figures(),
        List.of(),
        List.of(
            IN_FLIGHT
                + " frames at a time, each answered by all variants; boards "
                + factor
                + " times slower than this machine. The most there can be: every 50th frame goes to"
                + " all replicas, so 1.96 x; the rest goes by hash, so a board is idle now and"
                + " then while the other has a queue."));
  }
}
