package chorale.aggregator;

import chorale.aggregator.Roster.VariantEntry;
import chorale.aggregator.fusion.Vote;
import chorale.aggregator.strategy.Expected;
import chorale.protocol.Failure;
import chorale.protocol.Reply;
import chorale.protocol.Result.MissingReason;
import java.util.List;
import java.util.Optional;

/** The state of one variant in one window: its expected set and its vote. Owned by its window. */
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

  /** A vote with its reply and arrival time. */
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

  /** Returns the indices of the classes that it covers; empty for all. */
  List<Integer> group() {
    return group;
  }

  int tier() {
    return tier;
  }

  /** Returns the shortest inference time of its workers. */
  double millis() {
    return millis;
  }

  /** Marks that its tier is asked about this request. */
  void ask() {
    asked = true;
  }

  boolean isAsked() {
    return asked;
  }

  /**
   * Returns whether its vote would count and a worker is online; silent workers may reply again.
   */
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

  /** Returns whether a vote is missing that would count. */
  boolean isOpen() {
    return asked && vote.isEmpty() && !silenced;
  }

  /** Returns whether the window waits for a vote that may still arrive. */
  boolean isPending() {
    return asked && vote.isEmpty() && expected.isPending();
  }

  /** Returns whether this variant was expected, and has voted or failed. */
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

  /** Handles news of the roster after the window opened; see {@link Expected#join}. */
  void join(String worker, VariantEntry entry, Expected now, boolean wasThere) {
    weight = Math.max(weight, entry.weight());
    silenced &= entry.silenced();
    expected.join(worker, now, wasThere);
  }

  /** Returns why there is no vote, depending on whether the window closed early. */
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
