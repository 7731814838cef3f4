package chorale.aggregator;

import java.time.Duration;

/**
 * The times by which the aggregators of a site share their work without talking about it
 * (docs/reliability.md explains each). All of them must have the same. Immutable.
 *
 * @param settle after the subscriptions are granted, until when the others are heard of
 * @param letGo after a change of the group is heard, until when whoever owned a camera keeps it
 * @param take the same, until when whoever gets a camera leaves it alone; the difference to {@code
 *     letGo} is how far clocks, frames and announcements may be apart
 * @param afterLoss after a member is lost, for results of it that are still under way
 * @param slot between the turns of two members to publish what its owner has not
 * @param late after its time, until when a member may publish
 * @param pause between two turns of an aggregator, above which it was stopped and others took over
 * @param earlyResult how long a result is remembered whose frame has not arrived
 * @param misses results in a row that a member owes, after which it is not waited for
 * @param longestJoin the longest that a joiner waits for windows that it has not seen open
 * @param longestLeave the longest that an orderly stop waits for open windows
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

  /** Of an aggregator that has not to find out whether it is alone. */
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
