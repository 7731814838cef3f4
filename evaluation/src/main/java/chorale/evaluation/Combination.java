package chorale.evaluation;

import java.util.List;

/**
 * A subset of the variants, with its accuracy and cost. Immutable.
 *
 * @param variants ids, in the set's order
 * @param accuracy of the fused answer
 * @param macs sum over the variants, per image
 */
public record Combination(List<String> variants, double accuracy, long macs) {
  public Combination {
    variants = List.copyOf(variants);
  }
}
