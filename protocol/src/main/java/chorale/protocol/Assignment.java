package chorale.protocol;

import java.util.Objects;

/** What a worker does in its site's strategy. Immutable. */
public record Assignment(Strategy strategy, Stage stage) {
  /** A worker that answers every request with the whole of its variant. */
  public static final Assignment VARIANT = new Assignment(Strategy.VARIANT, Stage.WHOLE);

  public Assignment {
    Objects.requireNonNull(strategy, "strategy");
    Objects.requireNonNull(stage, "stage");
    if (strategy != Strategy.MODEL && stage.count() > 1) {
      throw new IllegalArgumentException(
          "stage " + stage + " with strategy " + strategy.label() + " (allowed: model)");
    }
  }
}
