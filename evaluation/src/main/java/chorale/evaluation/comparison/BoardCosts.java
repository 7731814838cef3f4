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
    VariantManifest reference = set.referenceManifest().orElseThrow();
    List<BoardCost> costs = new ArrayList<>();
    for (Board board : boards) {
      Cost cost =
          switch (strategy) {
            case VARIANT -> cost(set.variants().get(costs.size()));
            case MODEL -> cost(reference.stages().get(costs.size()));
            case SINGLE, DATA -> cost(reference);
          };
      costs.add(new BoardCost(board.name(), cost));
    }
    return costs;
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
        strategy == Strategy.VARIANT
            ? set.variants().stream().mapToInt(VariantManifest::inputSize).max().orElseThrow()
            : set.referenceManifest().orElseThrow().inputSize();
    return 3.0 * side * side;
  }
}
