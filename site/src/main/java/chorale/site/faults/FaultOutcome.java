package chorale.site.faults;

import java.time.Duration;
import java.util.List;

/**
 * The outcome of a fault test. Immutable.
 *
 * @param rate frames per second, of all cameras together
 * @param memory of each process, in a soak test
 * @param lasted from the first frame to the last
 * @param rejoined number of times an aggregator rejoined without a fault, due to scheduling pauses
 *     of this machine
 * @param longestPauseMillis longest delay of a frame, due to scheduling pauses of this process
 */
public record FaultOutcome(
    FaultPlan plan,
    Verdict verdict,
    double rate,
    List<Memory> memory,
    Timeline timeline,
    Duration lasted,
    int rejoined,
    long longestPauseMillis) {
  public FaultOutcome {
    memory = List.copyOf(memory);
  }
}
