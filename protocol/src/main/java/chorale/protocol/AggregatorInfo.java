package chorale.protocol;

import java.util.Objects;

/**
 * The retained announcement of an aggregator. Immutable.
 *
 * @param session number of this run; every start draws a new one
 * @param state its state in the aggregator group
 * @param asks whether the other aggregators must announce themselves again, because this one has
 *     just joined
 * @param seat its number in the group, from 0, unique; -1 until it has one
 * @param openMillis time until its last open window closes
 * @param fusion name of the fusion rule
 * @param deadlineMillis the default budget
 * @param quorum number of variants that is enough to decide; 0 if off
 * @param withstand number of boards that may lie; 0 turns checks and quarantine off
 * @param version of the software
 */
public record AggregatorInfo(
    String name,
    long session,
    State state,
    boolean asks,
    int seat,
    int openMillis,
    String fusion,
    int deadlineMillis,
    int quorum,
    int withstand,
    String version) {
  public AggregatorInfo {
    Names.require("aggregator", name);
    Objects.requireNonNull(state, "state");
  }

  /** The state of an aggregator in its group. */
  public enum State {
    /** Collects votes and learns the members; publishes only what no other aggregator publishes. */
    JOINING,
    READY,
    /** Finishes its open windows and opens no new ones. */
    LEAVING
  }
}
