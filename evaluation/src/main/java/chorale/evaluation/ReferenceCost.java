package chorale.evaluation;

import java.util.Optional;

/**
 * The cost of the reference network, with which the variants' costs are compared. If the set has no
 * reference, the known cost of MobileNetV2 is used for its variants. Immutable.
 *
 * @param own at the set's number of classes
 * @param at100 at 100 classes
 * @param source origin of the numbers, for reports
 */
public record ReferenceCost(Network.Cost own, Network.Cost at100, String source) {
  private static final String MOBILENET_V2 = "mobilenetv2";

  /**
   * MobileNetV2 1.0 at 224x224 (Sandler et al., CVPR 2018) with 100 classes, counted layer by layer
   * in Keras's architecture. With 1,000 classes, the same count gives the 3,538,984 parameters and
   * 300.8 million MACs that Keras reports.
   */
  private static final Network.Cost COUNTED = new Network.Cost(299_622_272, 2_386_084);

  /** Inputs of the last layer. Each class adds one multiplication per input and one bias. */
  private static final int LAST_WIDTH = 1280;

  /**
   * Returns the cost of the set's reference, or of MobileNetV2 if it is the base of all variants;
   * otherwise empty.
   */
  public static Optional<ReferenceCost> of(EvaluatedSet set) {
    if (set.reference().isPresent()) {
      Network reference = set.reference().get();
      return Optional.of(
          new ReferenceCost(
              reference.cost(), reference.costAt100(), "the manifest of " + reference.id()));
    }
    if (!set.variants().stream().allMatch(each -> each.base().equals(MOBILENET_V2))) {
      return Optional.empty();
    }
    long classes = set.classes().size() - 100L;
    return Optional.of(
        new ReferenceCost(
            new Network.Cost(
                COUNTED.macs() + LAST_WIDTH * classes,
                COUNTED.params() + (LAST_WIDTH + 1) * classes),
            COUNTED,
            "MobileNetV2 1.0 at 224x224, counted layer by layer"));
  }
}
