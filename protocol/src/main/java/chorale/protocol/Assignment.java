package chorale.protocol;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;

/**
 * A worker's part in the strategy of its site. Immutable.
 *
 * @param isShared whether replicas (workers with the same assignment, variant and model) divide the
 *     requests among themselves ({@link Replica}); if false, each worker answers every request
 * @param group indices of the classes that the network covers; empty for all classes, and always
 *     empty unless the strategy is class
 * @param tier always the first unless the strategy is variant
 */
public record Assignment(
    Strategy strategy, Stage stage, boolean isShared, List<Integer> group, Tier tier) {
  /** A worker that runs its whole variant on every request. */
  public static final Assignment VARIANT = new Assignment(Strategy.VARIANT, Stage.WHOLE);

  /** A worker that runs its whole variant on its share of the requests. */
  public static final Assignment SHARED_VARIANT =
      new Assignment(Strategy.VARIANT, Stage.WHOLE, true, List.of(), Tier.FIRST);

  public Assignment {
    Objects.requireNonNull(strategy, "strategy");
    Objects.requireNonNull(stage, "stage");
    Objects.requireNonNull(tier, "tier");
    group = List.copyOf(group);
    if (strategy != Strategy.MODEL && stage.count() > 1) {
      throw new IllegalArgumentException(
          "stage " + stage + " with strategy " + strategy.label() + " (allowed: model)");
    }
    if (strategy != Strategy.VARIANT && !tier.isFirst()) {
      throw new IllegalArgumentException(
          "tier %d with strategy %s (allowed: variant)".formatted(tier.number(), strategy.label()));
    }
    if (!strategy.isFused() && isShared != strategy.isShared()) {
      throw new IllegalArgumentException(
          "strategy %s, shared: %s (allowed: %s)"
              .formatted(strategy.label(), isShared, strategy.isShared()));
    }
    if ((strategy == Strategy.CLASS) == group.isEmpty()
        || new HashSet<>(group).size() < group.size()) {
      throw new IllegalArgumentException(
          "strategy %s, group %s (allowed: distinct classes with strategy class, otherwise none)"
              .formatted(strategy.label(), group));
    }
  }

  /** Shares requests only if the strategy always does; all classes, first tier. */
  public Assignment(Strategy strategy, Stage stage) {
    this(strategy, stage, strategy.isShared(), List.of(), Tier.FIRST);
  }
}
