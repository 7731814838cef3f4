package chorale.evaluation.plan;

import java.util.OptionalDouble;

/**
 * A board of the planned fleet; it can run one variant. Immutable.
 *
 * @param factor how many times slower it is than the evaluating machine
 * @param memoryMegabytes memory for a worker; unlimited if empty
 */
public record PlannedBoard(String name, double factor, OptionalDouble memoryMegabytes) {
  public PlannedBoard {
    if (!(factor > 0) || Double.isInfinite(factor)) {
      throw new IllegalArgumentException(
          "board '" + name + "': factor " + factor + " (allowed: a number above 0)");
    }
    if (memoryMegabytes.isPresent() && !(memoryMegabytes.getAsDouble() > 0)) {
      throw new IllegalArgumentException(
          "board '" + name + "': " + memoryMegabytes.getAsDouble() + " MB (allowed: above 0)");
    }
  }
}
