package chorale.evaluation;

import java.util.List;

/**
 * What some of the variants answer together. Immutable.
 *
 * @param variants ids, in the set's order
 * @param accuracy of the fused answer
 * @param macs of all of them, per image
 */
public record Combination(List<String> variants, double accuracy, long macs) {
  public Combination {
    variants = List.copyOf(variants);
  }
}
