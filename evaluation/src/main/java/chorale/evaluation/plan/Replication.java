package chorale.evaluation.plan;

import chorale.protocol.Replica;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A greedy assignment of remaining boards as replicas, fastest board first. Each board gets the
 * variant with the lowest rate among those that it can run, and shares the frames with that
 * variant's other boards. A board works on one frame at a time. Not thread-safe; one instance per
 * plan.
 */
final class Replication {
  /**
   * Times from frame to reply without overhead, by board and variant; infinite if the board may not
   * run the variant.
   */
  private final double[][] millis;

  /** For each variant, the times of its boards. */
  private final List<List<Double>> running = new ArrayList<>();

  private Replication(double[][] millis, int variants) {
    this.millis = millis;
    for (int variant = 0; variant < variants; variant++) {
      running.add(new ArrayList<>());
    }
  }

  /**
   * Assigns variants to idle boards.
   *
   * @param placed the variant of each board, or -1; updated
   */
  static Replication complete(double[][] millis, int variants, int[] placed) {
    Replication replication = new Replication(millis, variants);
    for (int board = 0; board < placed.length; board++) {
      if (placed[board] >= 0) {
        replication.run(board, placed[board]);
      }
    }
    IntStream.range(0, placed.length)
        .filter(board -> placed[board] < 0)
        .boxed()
        .sorted(Comparator.comparingDouble(board -> Arrays.stream(millis[board]).min().orElse(0)))
        .forEach(board -> placed[board] = replication.place(board));
    return replication;
  }

  private void run(int board, int variant) {
    running.get(variant).add(millis[board][variant]);
  }

  private int place(int board) {
    int slowest =
        chosen()
            .filter(variant -> millis[board][variant] < Double.POSITIVE_INFINITY)
            .boxed()
            .min(Comparator.comparingDouble(this::rate))
            .orElse(-1);
    if (slowest >= 0) {
      run(board, slowest);
    }
    return slowest;
  }

  private IntStream chosen() {
    return IntStream.range(0, running.size()).filter(variant -> !running.get(variant).isEmpty());
  }

  /** Returns the variant that limits the rate of the site. */
  int limiting() {
    return chosen().boxed().min(Comparator.comparingDouble(this::rate)).orElseThrow();
  }

  /**
   * Returns the frames per second that the replicas of a variant answer together. Each has a share
   * in proportion to its speed, and also answers the frames that go to all replicas.
   */
  double rate(int variant) {
    List<Double> times = running.get(variant);
    double speed = times.stream().mapToDouble(each -> 1 / each).sum();
    double toAll = 1.0 / Replica.ONE_FOR_ALL_IN;
    return times.stream()
        .mapToDouble(each -> 1_000 / (each * (toAll + (1 - toAll) / each / speed)))
        .min()
        .orElse(0);
  }
}
