package chorale.site.faults;

import java.time.Duration;
import java.util.List;

/**
 * What came of a run of the fault bench. Immutable.
 *
 * @param rate frames a second, of all cameras together
 * @param memory of each process, of a soak
 * @param lasted from the first frame to the last
 * @param rejoined how often an aggregator joined anew without a fault: this machine let it wait
 * @param longestPauseMillis how late a frame was at most: the same of this process
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
