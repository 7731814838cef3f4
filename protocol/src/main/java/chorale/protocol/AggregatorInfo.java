package chorale.protocol;

import java.util.Objects;

/**
 * What an aggregator announces of itself, retained. Immutable.
 *
 * @param session changes whenever it starts anew
 * @param state its part in the site's group
 * @param asks the others are to announce themselves as well, since it does not know them
 * @param seat a number that no other member has, from 0: its turn among them; -1 where it has none
 * @param openMillis until the last of its open windows is over
 * @param fusion the rule's name
 * @param deadlineMillis the default budget
 * @param quorum variants that suffice, 0 where off
 * @param withstand boards that it assumes may lie; 0: it checks and quarantines none
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

  /** Whether an aggregator publishes results of its own accord. */
  public enum State {
    /** It learns who is there and hears everything, and publishes only what nobody else does. */
    JOINING,
    READY,
    /** It finishes its open windows and takes no new ones. */
    LEAVING
  }
}
