package chorale.evaluation;

import chorale.aggregator.fusion.Fused;
import chorale.aggregator.fusion.FusionRule;
import chorale.aggregator.fusion.Vote;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The votes of every network on every image, each with its k most likely classes. They are fused by
 * the aggregator's own {@link FusionRule}s. Networks are indices into {@link
 * EvaluatedSet#networks}, the variants first. Immutable.
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

  /** The fused answer to each image. */
  List<Fused> fused(FusionRule rule, List<Integer> variants) {
    return IntStream.range(0, outputs.images())
        .mapToObj(image -> fused(rule, variants, image))
        .toList();
  }

  private Fused fused(FusionRule rule, List<Integer> variants, int image) {
    return rule.fuse(votes(variants, image));
  }

  /** One vote of each of the variants, in their order. */
  public List<Vote> votes(List<Integer> variants, int image) {
    List<Vote> votes = new ArrayList<>(variants.size());
    for (int variant : variants) {
      votes.add(byNetwork.get(variant).get(image));
    }
    return votes;
  }

  /** The share of the images whose fused answer is right. */
  double accuracy(FusionRule rule, List<Integer> variants) {
    return outputs.accuracy(image -> fused(rule, variants, image).winner());
  }
}
