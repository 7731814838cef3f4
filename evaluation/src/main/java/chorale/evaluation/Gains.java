package chorale.evaluation;

import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * The cost reductions of a variant: the reference's MACs and parameters divided by the variant's,
 * at the set's number of classes and at 100 classes. Empty if the reference's costs are unknown.
 * Immutable.
 */
record Gains(
    Optional<Double> macs,
    Optional<Double> params,
    Optional<Double> macs100,
    Optional<Double> params100) {

  static Gains of(Network network, Optional<ReferenceCost> reference) {
    return new Gains(
        ratio(reference.map(ReferenceCost::own), network.cost(), Network.Cost::macs),
        ratio(reference.map(ReferenceCost::own), network.cost(), Network.Cost::params),
        ratio(reference.map(ReferenceCost::at100), network.costAt100(), Network.Cost::macs),
        ratio(reference.map(ReferenceCost::at100), network.costAt100(), Network.Cost::params));
  }

  /** Returns the reference's inference time over the variant's, both from this evaluation. */
  static Optional<Double> speedup(Metrics variant, Optional<Metrics> reference) {
    double millis = variant.timing().inferenceMillis();
    return millis > 0
        ? reference.map(each -> each.timing().inferenceMillis() / millis)
        : Optional.empty();
  }

  private static Optional<Double> ratio(
      Optional<Network.Cost> reference, Network.Cost own, ToLongFunction<Network.Cost> part) {
    return reference.map(cost -> (double) part.applyAsLong(cost) / part.applyAsLong(own));
  }
}
