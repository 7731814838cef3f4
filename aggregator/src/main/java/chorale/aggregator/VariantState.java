package chorale.aggregator;

import chorale.aggregator.Roster.VariantEntry;
import chorale.aggregator.fusion.Vote;
import chorale.aggregator.strategy.Expected;
import chorale.protocol.Failure;
import chorale.protocol.Reply;
import chorale.protocol.Result.MissingReason;
import java.util.List;
import java.util.Optional;

/** One variant in one window: who of it is expected, and what it said. Owned by its window. */
final class VariantState {
  private final String variant;
  private final Expected expected;
  private final List<Integer> group;
  private final int tier;
  private final double millis;
  private double weight;
  private boolean silenced;
  private boolean asked;

  private Optional<Accepted> vote = Optional.empty();
  private Optional<Failure> error = Optional.empty();

  /** A vote with the reply it came in and when. */
  record Accepted(Vote vote, Reply reply, long arrivedNanos) {}

  VariantState(VariantEntry entry, Expected expected) {
    this.variant = entry.variant();
    this.group = entry.group();
    this.weight = entry.weight();
    this.expected = expected;
    this.silenced = entry.silenced();
    this.tier = entry.tier();
    this.millis = entry.millis();
  }

  String variant() {
    return variant;
  }

  /** Indices of the classes that it answers for; empty for all. */
  List<Integer> group() {
    return group;
  }

  int tier() {
    return tier;
  }

  /** The shortest inference of its workers. */
  double millis() {
    return millis;
  }

  /** Its tier is asked about this request. */
  void ask() {
    asked = true;
  }

  boolean isAsked() {
    return asked;
  }

  /** Whether its vote would count, and somebody is there: silent ones may answer again. */
  boolean canBeAsked() {
    return !asked && !silenced && !expected.isOffline();
  }

  double weight() {
    return weight;
  }

  Expected expected() {
    return expected;
  }

  Optional<Accepted> vote() {
    return vote;
  }

  Optional<Failure> error() {
    return error;
  }

  /** Whether a vote is missing that could count, if it came. */
  boolean isOpen() {
    return asked && vote.isEmpty() && !silenced;
  }

  /** Whether a vote may still come that the window waits for. */
  boolean isPending() {
    return asked && vote.isEmpty() && expected.isPending();
  }

  /** Whether this variant was expected, and has voted or failed. */
  boolean isSettled() {
    return asked && expected.settles() && (vote.isPresent() || (error.isPresent() && !isPending()));
  }

  void accept(Accepted accepted) {
    vote = Optional.of(accepted);
  }

  void fail(String worker, Failure failure) {
    error = Optional.of(failure);
    expected.remove(worker);
  }

  /** The roster knows more than when the window opened; see {@link Expected#join}. */
  void join(String worker, VariantEntry entry, Expected now, boolean wasThere) {
    weight = Math.max(weight, entry.weight());
    silenced &= entry.silenced();
    expected.join(worker, now, wasThere);
  }

  /** Why there is no vote, where a window closed early or not. */
  MissingReason reason(boolean closedEarly) {
    if (error.isPresent()) {
      return MissingReason.ERROR;
    }
    if (expected.isOffline()) {
      return MissingReason.OFFLINE;
    }
    if (expected.isQuarantined()) {
      return MissingReason.QUARANTINED;
    }
    if (!asked) {
      return MissingReason.NOT_ASKED;
    }
    return closedEarly ? MissingReason.NOT_NEEDED : MissingReason.NO_REPLY;
  }
}
