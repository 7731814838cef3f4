package chorale.aggregator;

import java.time.Duration;

/**
 * The time limits of an aggregator group, which works without negotiation between its members
 * (docs/reliability.md explains each). All aggregators of a site must use the same. Immutable.
 *
 * @param settle time that a joining member waits for the others' announcements, from its
 *     subscription
 * @param letGo time after a change of the group until a camera's previous owner releases it
 * @param take time after a change of the group until a camera's new owner takes it; longer than
 *     {@code letGo}, because members receive frames and announcements at different times and clocks
 *     differ
 * @param afterLoss time to wait for results of a lost member that are still in transit
 * @param slot time between the turns of two members to publish a missing result
 * @param late time after the start of its turn within which a member may publish
 * @param pause gap between two turns of an aggregator's loop from which it counts as suspended; the
 *     others have then taken over
 * @param earlyResult time for which a result is kept that arrived before its frame
 * @param misses number of missed results in a row after which the others no longer wait for a
 *     member
 * @param longestJoin maximum time that a joining member waits for windows that opened before it
 *     subscribed
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
