package chorale.site.faults;

import java.util.List;
import java.util.Map;

/**
 * The checker's findings. Immutable.
 *
 * @param requests number of published frames
 * @param results number of requests with a result, in time or not
 * @param noAnswers number of those without an answer
 * @param excused number of requests without a result in time, by accepted reason
 * @param sentTwice number of requests with several results that a pause, a cut-off or slow link, a
 *     broker outage or slow messages explain
 * @param latencies response times of the results in milliseconds
 * @param slowest events around the slowest requests
 */
public record Verdict(
    int requests,
    int results,
    int noAnswers,
    Map<Cause, Integer> excused,
    int sentTwice,
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
   * The recovery times after faults of one kind, in milliseconds.
   *
   * @param count of the faults
   * @param next for each fault, time to the next result of a camera that its victim owned; not for
   *     slow links; for the broker, from when it accepts connections again to the next answer
   * @param back time from the restart of a process, or from when the broker accepts connections, to
   *     the announcement of the process or of each service; for reconnects, until all clients are
   *     connected
   * @param whole for the broker's faults, time from their end until all services are ready
   * @param open for each request that its owner left unanswered at the fault, time until another
   *     member answered
   * @param openAfterWill the same, but measured from the victim's last will; only for answers after
   *     it
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

  /** Returns whether there are no violations and at least one result. */
  public boolean holds() {
    return violations.isEmpty() && results > 0;
  }
}
