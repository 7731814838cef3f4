package chorale.aggregator;

import java.time.Duration;

/**
 * The time limits by which the aggregators of a site share their work without negotiation
 * (docs/reliability.md explains each). All aggregators must use the same. Immutable.
 *
 * @param settle time after the subscriptions are granted in which the others announce themselves
 * @param letGo time after a change of the group for which a camera's previous owner keeps it
 * @param take time after a change of the group until a camera's new owner takes it; the difference
 *     to {@code letGo} allows for differences between clocks, frames and announcements
 * @param afterLoss time to wait for results of a lost member that are still in transit
 * @param slot time between the turns of two members to publish a missing result
 * @param late how long after its turn begins a member may still publish
 * @param pause gap between two turns of an aggregator above which it counts as stopped, and the
 *     others have taken over
 * @param earlyResult how long a result is kept whose frame has not arrived
 * @param misses number of results in a row that a member may miss before the others stop waiting
 * @param longestJoin maximum time that a joining member waits for windows that it did not see open
 * @param longestLeave maximum time that an orderly stop waits for open windows
 */
record GroupRules(
    Duration settle,
    Duration letGo,
    Duration take,
    Duration afterLoss,
    Duration slot,
    Duration late,
    Duration pause,
    Duration earlyResult,
    int misses,
    Duration longestJoin,
    Duration longestLeave) {
  static final GroupRules STANDARD =
      new GroupRules(
          Duration.ofMillis(500),
          Duration.ofMillis(200),
          Duration.ofMillis(400),
          Duration.ofMillis(50),
          Duration.ofMillis(300),
          Duration.ofMillis(150),
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          2,
          Duration.ofSeconds(65),
          Duration.ofSeconds(5));

  /** For an aggregator that is known to be alone. */
  static final GroupRules WITHOUT_OTHERS = STANDARD.settling(Duration.ZERO);

  private GroupRules settling(Duration other) {
    return new GroupRules(
        other,
        letGo,
        take,
        afterLoss,
        slot,
        late,
        pause,
        earlyResult,
        misses,
        longestJoin,
        longestLeave);
  }
}
