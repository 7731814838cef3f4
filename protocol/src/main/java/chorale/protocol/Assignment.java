package chorale.protocol;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;

/**
 * What a worker does in its site's strategy. Immutable.
 *
 * @param isShared whether workers with the same assignment, variant and model divide the requests
 *     between them ({@link Replica}); otherwise each answers every request
 * @param group indices of the classes that it answers for; empty for all, which it is but with
 *     strategy class
 * @param tier the first, but with strategy variant
 */
public record Assignment(
    Strategy strategy, Stage stage, boolean isShared, List<Integer> group, Tier tier) {
  /** A worker that answers every request with the whole of its variant. */
  public static final Assignment VARIANT = new Assignment(Strategy.VARIANT, Stage.WHOLE);

  /** A worker that answers its share of the requests with the whole of its variant. */
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
          "strategy " + strategy.label() + ", shared: " + isShared + " (allowed: as the strategy)");
    }
    if ((strategy == Strategy.CLASS) == group.isEmpty()
        || new HashSet<>(group).size() < group.size()) {
      throw new IllegalArgumentException(
          "strategy %s, group %s (allowed: with strategy class some classes, each once)"
              .formatted(strategy.label(), group));
    }
  }

  /** Where the strategy leaves it open, a worker answers every request. */
  public Assignment(Strategy strategy, Stage stage) {
    this(strategy, stage, strategy.isShared(), List.of(), Tier.FIRST);
  }
}
