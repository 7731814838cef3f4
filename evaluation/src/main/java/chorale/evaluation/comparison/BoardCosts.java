package chorale.evaluation.comparison;

import chorale.evaluation.EvaluationException;
import chorale.evaluation.Network.Cost;
import chorale.evaluation.comparison.Comparison.BoardCost;
import chorale.evaluation.comparison.Comparison.Work;
import chorale.evaluation.tiers.TierWalk;
import chorale.protocol.Strategy;
import chorale.site.Board;
import chorale.variants.ModelSet;
import chorale.variants.StageManifest;
import chorale.variants.VariantManifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * A calculator of the costs of each board (MACs, parameters, input), from the model set. Stateless.
 */
final class BoardCosts {
  private BoardCosts() {}

  /** Returns the costs in the order of {@link Contender#boards}. */
  static List<BoardCost> of(Contender contender, List<Board> boards, ModelSet set) {
    List<BoardCost> costs = new ArrayList<>();
    for (Board board : boards) {
      Cost cost =
          switch (contender.strategy()) {
            case VARIANT, CLASS -> cost(voters(contender, set).get(costs.size()));
            case MODEL -> cost(reference(set).stages().get(costs.size()));
            case SINGLE, DATA -> cost(reference(set));
          };
      costs.add(new BoardCost(board.name(), cost));
    }
    return costs;
  }

  /** Returns the networks with fused votes, in the order of their boards. */
  private static List<VariantManifest> voters(Contender contender, ModelSet set) {
    if (contender.tiers().isEmpty()) {
      return set.variants();
    }
    List<VariantManifest> all = new ArrayList<>(set.variants());
    set.referenceManifest().ifPresent(all::add);
    return contender.tiers().get().plan().variants().stream()
        .flatMap(id -> all.stream().filter(each -> each.id().equals(id)))
        .toList();
  }

  /**
   * Returns the work per image: one board for data parallelism, the reached tiers for a plan, else
   * all boards.
   */
  static Work work(Contender contender, List<BoardCost> boards, OfflineAnswers answers)
      throws EvaluationException {
    if (contender.tiers().isPresent()) {
      TierWalk walk = answers.walk(contender.tiers().get(), Set.of());
      return new Work(walk.macs(), walk.reached());
    }
    LongStream macs = boards.stream().mapToLong(each -> each.cost().macs());
    return new Work(
        contender.strategy() == Strategy.DATA ? macs.max().orElse(0) : macs.sum(), List.of());
  }

  private static VariantManifest reference(ModelSet set) {
    return set.referenceManifest().orElseThrow();
  }

  private static Cost cost(VariantManifest manifest) {
    return new Cost(manifest.macs(), manifest.params());
  }

  private static Cost cost(StageManifest manifest) {
    return new Cost(manifest.macs(), manifest.params());
  }

  /**
   * Returns the size of an image as uncompressed RGB of the largest input, because all boards
   * receive the same frame.
   */
  static double rawInputBytes(Contender contender, ModelSet set) {
    int side =
        contender.strategy().isFused()
            ? voters(contender, set).stream()
                .mapToInt(VariantManifest::inputSize)
                .max()
                .orElseThrow()
            : reference(set).inputSize();
    return 3.0 * side * side;
  }
}
