package chorale.evaluation;

import chorale.aggregator.fusion.Fused;
import chorale.aggregator.fusion.FusionRule;
import chorale.aggregator.fusion.Vote;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A table of the votes of every network on every image, with the k most likely classes each. The
 * aggregator's {@link FusionRule}s fuse them. Networks are indices into {@link
 * EvaluatedSet#networks}, variants first. Immutable.
 */
public final class VoteTable {
  private final Outputs outputs;
  private final List<List<Vote>> byNetwork;

  public VoteTable(Outputs outputs, int k) {
    this.outputs = outputs;
    this.byNetwork =
        IntStream.range(0, outputs.set().networks().size())
            .mapToObj(
                network ->
                    IntStream.range(0, outputs.images())
                        .mapToObj(image -> outputs.vote(network, image, k))
                        .toList())
            .toList();
  }

  /** Returns the fused answer for each image. */
  List<Fused> fused(FusionRule rule, List<Integer> variants) {
    return IntStream.range(0, outputs.images())
        .mapToObj(image -> fused(rule, variants, image))
        .toList();
  }

  private Fused fused(FusionRule rule, List<Integer> variants, int image) {
    return rule.fuse(votes(variants, image));
  }

  /** Returns one vote of each variant, in the given order. */
  public List<Vote> votes(List<Integer> variants, int image) {
    List<Vote> votes = new ArrayList<>(variants.size());
    for (int variant : variants) {
      votes.add(byNetwork.get(variant).get(image));
    }
    return votes;
  }

  /** Returns the share of the images with a correct fused answer. */
  double accuracy(FusionRule rule, List<Integer> variants) {
    return outputs.accuracy(image -> fused(rule, variants, image).winner());
  }
}
