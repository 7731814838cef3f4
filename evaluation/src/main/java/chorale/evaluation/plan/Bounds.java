package chorale.evaluation.plan;

import java.util.Arrays;
import java.util.List;

/**
 * The deadline and memory constraints of a plan. Immutable.
 *
 * @param deadlineMillis from frame to reply
 * @param overheadMillis part of the deadline for network and broker
 * @param baseMegabytes memory of a worker without its model
 */
public record Bounds(double deadlineMillis, double overheadMillis, double baseMegabytes) {
  public Bounds {
    if (!(deadlineMillis > 0) || !(overheadMillis >= 0) || !(baseMegabytes >= 0)) {
      throw new IllegalArgumentException(
          ("deadline %s ms, overhead %s ms, base %s MB (allowed: deadline above 0, overhead "
                  + "and base 0 or more)")
              .formatted(deadlineMillis, overheadMillis, baseMegabytes));
    }
  }

  /** Returns the time from frame to reply on this board. */
  double millis(MeasuredSet.Variant variant, PlannedBoard board) {
    return (variant.prepareMillis() + variant.inferenceMillis()) * board.factor() + overheadMillis;
  }

  /** Returns the same by board and network; infinite if the board may not run the network. */
  double[][] millis(List<MeasuredSet.Variant> networks, List<PlannedBoard> boards) {
    return boards.stream()
        .map(
            board ->
                networks.stream()
                    .mapToDouble(
                        network ->
                            allow(network, board)
                                ? millis(network, board)
                                : Double.POSITIVE_INFINITY)
                    .toArray())
        .toArray(double[][]::new);
  }

  /** Returns the part of those times in which the board is busy, without the overhead. */
  double[][] workMillis(double[]... millis) {
    return Arrays.stream(millis)
        .map(row -> Arrays.stream(row).map(each -> each - overheadMillis).toArray())
        .toArray(double[][]::new);
  }

  double megabytes(MeasuredSet.Variant variant) {
    return baseMegabytes + variant.modelBytes() / 1e6;
  }

  boolean allow(MeasuredSet.Variant variant, PlannedBoard board) {
    return millis(variant, board) <= deadlineMillis && fits(variant, board);
  }

  boolean fits(MeasuredSet.Variant variant, PlannedBoard board) {
    return board.memoryMegabytes().isEmpty()
        || megabytes(variant) <= board.memoryMegabytes().getAsDouble();
  }
}
