package chorale.site.faults;

import java.util.List;
import java.util.Map;

/**
 * What the checker finds in a history. Immutable.
 *
 * @param requests frames that were published
 * @param results requests that got a result, in time or not
 * @param noAnswers of those, results without an answer
 * @param excused requests without a result in time, by why that may be
 * @param toldTwice requests with several results of which a stopped or cut-off aggregator sent one
 * @param latencies of the results, milliseconds from the frame
 * @param slowest what is known of the requests that waited longest
 */
public record Verdict(
    int requests,
    int results,
    int noAnswers,
    Map<Cause, Integer> excused,
    int toldTwice,
    List<Violation> violations,
    List<Double> latencies,
    List<String> slowest,
    Map<FaultKind, Recovery> recoveries) {
  public Verdict {
    excused = Map.copyOf(excused);
    violations = List.copyOf(violations);
    latencies = List.copyOf(latencies);
    slowest = List.copyOf(slowest);
    recoveries = Map.copyOf(recoveries);
  }

  /**
   * How a site went on after faults of one kind, all in milliseconds.
   *
   * @param count of the faults
   * @param next of each fault, until the next result for a camera that its victim owned, unless
   *     that goes on slowly; of the broker's, from when it accepts connections again to the next
   *     answer
   * @param back from when a killed process was started again, or the broker accepted connections,
   *     until it, or each service, announced itself; of a reconnect, until all clients were back
   * @param whole of the broker's faults, from their end until all services were ready
   * @param open of each request that its owner left unanswered at the fault, until another answered
   * @param openAfterWill the same since the victim's will was heard, where that came first
   */
  public record Recovery(
      int count,
      List<Double> next,
      List<Double> back,
      List<Double> whole,
      List<Double> open,
      List<Double> openAfterWill) {
    public Recovery {
      next = List.copyOf(next);
      back = List.copyOf(back);
      whole = List.copyOf(whole);
      open = List.copyOf(open);
      openAfterWill = List.copyOf(openAfterWill);
    }

    Recovery withBack(List<Double> millis) {
      return new Recovery(count, next, millis, whole, open, openAfterWill);
    }
  }

  public long count(Violation.Kind kind) {
    return violations.stream().filter(each -> each.kind() == kind).count();
  }

  /** Whether nothing happened that must not. */
  public boolean holds() {
    return violations.isEmpty() && results > 0;
  }
}
