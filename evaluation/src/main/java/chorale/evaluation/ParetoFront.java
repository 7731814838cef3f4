package chorale.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A calculator of the Pareto front of accuracy and MACs: the combinations that are more accurate
 * than all others with at most as many MACs. Stateless.
 */
final class ParetoFront {
  private ParetoFront() {}

  /** Returns the front by increasing MACs, which is also by increasing accuracy. */
  static List<Combination> of(List<Combination> combinations) {
    List<Combination> byMacs = new ArrayList<>(combinations);
    byMacs.sort(
        Comparator.comparingLong(Combination::macs)
            .thenComparing(Comparator.comparingDouble(Combination::accuracy).reversed()));
    List<Combination> front = new ArrayList<>();
    double best = -1;
    for (Combination each : byMacs) {
      if (each.accuracy() > best) {
        front.add(each);
        best = each.accuracy();
      }
    }
    return front;
  }
}
