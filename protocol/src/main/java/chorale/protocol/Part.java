package chorale.protocol;

import java.util.Objects;

/** What part a worker has in its site's strategy. Immutable. */
public record Part(Strategy strategy, Stage stage) {
  /** A worker that answers every request with the whole of its variant. */
  public static final Part VARIANT = new Part(Strategy.VARIANT, Stage.WHOLE);

  public Part {
    Objects.requireNonNull(strategy, "strategy");
    Objects.requireNonNull(stage, "stage");
    if (strategy != Strategy.MODEL && stage.count() > 1) {
      throw new IllegalArgumentException(
          "stage " + stage + " with strategy " + strategy.label() + " (allowed: model)");
    }
  }
}
