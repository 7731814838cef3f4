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
 * A measurement of replicas: the rate of a fleet of emulated boards with one board for each
 * variant, and with two that share the frames. All variants answer every frame.
 */
final class ReplicasPart extends BenchPart {
  private static final int IN_FLIGHT = 32;
  private static final double TARGET = 1.8;

  /** Long enough for the last frame in flight, which waits for all others. */
  private static final int BUDGET_MILLIS = 60_000;

  /** Turns off the bound, so that no frame is decided before all variants have voted. */
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
        // The same number of frames for each board, so that all have compiled hot code.
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

  /** A fleet with this number of boards for each variant. */
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

  /** Returns the largest share of a board in its variant's frames, from the self-benchmarks. */
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
                + " frames in flight, each answered by all variants; boards "
                + factor
                + " times slower than this machine. The maximum is 1.96 x, because every 50th"
                + " frame goes to all replicas. The others are distributed by hash, so a board"
                + " is sometimes idle while the other has a queue."));
  }
}
