package chorale.site.faults;

import java.util.List;

/**
 * The resident memory of one process, sampled at a steady rate, in megabytes. Immutable.
 *
 * <p>Garbage and compiled code grow in the first minutes; only the rest of the run counts.
 */
public record Memory(String process, List<Double> megabytes) {
  /** The last part of a run, in which memory must be flat: 12 of 20 minutes. */
  private static final double COUNTS = 0.6;

  static final double MOST_GROWTH = 0.05;

  public Memory {
    megabytes = List.copyOf(megabytes);
  }

  private List<Double> counted() {
    int from = megabytes.size() - (int) Math.ceil(megabytes.size() * COUNTS);
    return megabytes.subList(from, megabytes.size());
  }

  public double least() {
    return counted().stream().mapToDouble(each -> each).min().orElse(Double.NaN);
  }

  public double most() {
    return counted().stream().mapToDouble(each -> each).max().orElse(Double.NaN);
  }

  /** Returns by which share the maximum exceeds the minimum. */
  public double growth() {
    return most() / least() - 1;
  }

  boolean isFlat() {
    return !(growth() > MOST_GROWTH);
  }
}
