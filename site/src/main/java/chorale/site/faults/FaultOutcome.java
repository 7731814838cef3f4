package chorale.site.faults;

import java.time.Duration;

/**
 * What came of a run of the fault bench. Immutable.
 *
 * @param lasted from the first frame to the last
 * @param rejoined how often an aggregator joined anew without a fault: this machine let it wait
 * @param longestPauseMillis how late a frame was at most: the same of this process
 */
public record FaultOutcome(
    FaultPlan plan, Verdict verdict, Duration lasted, int rejoined, long longestPauseMillis) {}
