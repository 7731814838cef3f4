package chorale.evaluation.comparison;

import chorale.evaluation.Network.Cost;
import chorale.evaluation.comparison.Comparison.BoardCost;
import chorale.protocol.Strategy;
import chorale.site.Board;
import chorale.variants.ModelSet;
import chorale.variants.StageManifest;
import chorale.variants.VariantManifest;
import java.util.ArrayList;
import java.util.List;

/**
 * The work, the parameters and the input of each board, as the model set states them. Stateless.
 */
final class BoardCosts {
  private BoardCosts() {}

  /** In the order of the strategy's boards, {@link Board#of(Strategy, ModelSet)}. */
  static List<BoardCost> of(Strategy strategy, List<Board> boards, ModelSet set) {
    List<BoardCost> costs = new ArrayList<>();
    for (Board board : boards) {
      Cost cost =
          switch (strategy) {
            case VARIANT, CLASS -> cost(set.variants().get(costs.size()));
            case MODEL -> cost(reference(set).stages().get(costs.size()));
            case SINGLE, DATA -> cost(reference(set));
          };
      costs.add(new BoardCost(board.name(), cost));
    }
    return costs;
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

  /** Bytes of an image as uncompressed RGB of the largest input: all boards hear the same frame. */
  static double rawInputBytes(Strategy strategy, ModelSet set) {
    int side =
        strategy.isFused()
            ? set.variants().stream().mapToInt(VariantManifest::inputSize).max().orElseThrow()
            : reference(set).inputSize();
    return 3.0 * side * side;
  }
}
