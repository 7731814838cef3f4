package chorale.protocol;

import java.util.Objects;

/**
 * What a worker does in its site's strategy. Immutable.
 *
 * @param isShared whether workers with the same assignment, variant and model divide the requests
 *     between them ({@link Replica}); otherwise each answers every request
 */
public record Assignment(Strategy strategy, Stage stage, boolean isShared) {
  /** A worker that answers every request with the whole of its variant. */
  public static final Assignment VARIANT = new Assignment(Strategy.VARIANT, Stage.WHOLE, false);

  /** A worker that answers its share of the requests with the whole of its variant. */
  public static final Assignment SHARED_VARIANT =
      new Assignment(Strategy.VARIANT, Stage.WHOLE, true);

  public Assignment {
    Objects.requireNonNull(strategy, "strategy");
    Objects.requireNonNull(stage, "stage");
    if (strategy != Strategy.MODEL && stage.count() > 1) {
      throw new IllegalArgumentException(
          "stage " + stage + " with strategy " + strategy.label() + " (allowed: model)");
    }
    if (strategy != Strategy.VARIANT && isShared != strategy.isShared()) {
      throw new IllegalArgumentException(
          "strategy " + strategy.label() + ", shared: " + isShared + " (allowed: as the strategy)");
    }
  }

  /** Where the strategy leaves it open, a worker answers every request. */
  public Assignment(Strategy strategy, Stage stage) {
    this(strategy, stage, strategy.isShared());
  }
}
