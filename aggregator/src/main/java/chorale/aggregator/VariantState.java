package chorale.aggregator;

import chorale.aggregator.Roster.VariantEntry;
import chorale.aggregator.fusion.Vote;
import chorale.protocol.Reply;
import chorale.protocol.ReplyError;
import chorale.protocol.Result.MissingReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One variant in one window: who of it is still expected, and what it said. Owned by its window.
 */
final class VariantState {
  /** Names of workers remembered to tell duplicates from others, at most. */
  private static final int MAX_REPLIED = 256;

  private final String variant;
  private double weight;

  /** Expected when the window opened; who has failed or was lost since is in {@link #gone}. */
  private List<String> expected;

  /** Whether each of the expected is needed, and the last one votes. */
  private final boolean allRequired;

  private List<String> gone = List.of();
  private List<String> replied = List.of();
  private boolean offline;

  private Optional<Accepted> vote = Optional.empty();
  private Optional<ReplyError> error = Optional.empty();

  /** A vote with the reply it came in and when. */
  record Accepted(Vote vote, Reply reply, long arrivedNanos) {}

  /**
   * @param expected nobody for a variant that joined after the window opened: its vote is taken,
   *     not waited for
   */
  VariantState(String variant, double weight, Expected expected) {
    this.variant = variant;
    this.weight = weight;
    this.expected = expected.workers();
    this.allRequired = expected.allRequired();
  }

  static VariantState of(VariantEntry entry, Expected expected) {
    VariantState state = new VariantState(entry.variant(), entry.weight(), expected);
    state.offline = entry.offline();
    return state;
  }

  String variant() {
    return variant;
  }

  double weight() {
    return weight;
  }

  Optional<Accepted> vote() {
    return vote;
  }

  Optional<ReplyError> error() {
    return error;
  }

  /** Whether a worker's vote may still come that the window waits for. */
  boolean isPending() {
    boolean canCome = allRequired ? gone.isEmpty() : gone.size() < expected.size();
    return vote.isEmpty() && canCome && !expected.isEmpty();
  }

  /**
   * Whether this variant was expected, and has voted or failed. Where one worker's vote is all that
   * can come, it settles who ever was expected.
   */
  boolean isSettled() {
    return (allRequired || !expected.isEmpty())
        && (vote.isPresent() || (error.isPresent() && !isPending()));
  }

  boolean hasReplied(String worker) {
    return replied.contains(worker);
  }

  void replied(String worker) {
    if (replied.size() < MAX_REPLIED) {
      replied = replied.isEmpty() ? new ArrayList<>(2) : replied;
      replied.add(worker);
    }
  }

  void accept(Accepted accepted) {
    vote = Optional.of(accepted);
  }

  void fail(String worker, ReplyError code) {
    error = Optional.of(code);
    remove(worker);
  }

  /**
   * A worker became unavailable; a variant that loses its last one, or one of those that it needs,
   * is expected no more.
   *
   * @param byWill it is offline; otherwise it is silent
   */
  void lose(String worker, boolean byWill) {
    if (remove(worker) && (allRequired || gone.size() == expected.size())) {
      offline = byWill;
      if (vote.isEmpty() && error.isEmpty()) {
        expected = List.of();
        gone = List.of();
      }
    }
  }

  private boolean remove(String worker) {
    if (!expected.contains(worker) || gone.contains(worker)) {
      return false;
    }
    gone = gone.isEmpty() ? new ArrayList<>(2) : gone;
    gone.add(worker);
    return true;
  }

  /** The roster knows more than when the window opened. */
  void join(VariantEntry entry) {
    weight = Math.max(weight, entry.weight());
    offline = offline && (allRequired || entry.offline());
  }

  /**
   * A worker was there when the window opened, and we learn of it only now.
   *
   * @param now who is expected, with all that we know by now
   */
  void expect(String worker, Expected now) {
    if (allRequired) {
      if (vote.isEmpty() && error.isEmpty()) {
        expected = now.workers();
        gone = List.of();
        offline = offline && expected.isEmpty();
      }
    } else if (!expected.contains(worker) && !replied.contains(worker)) {
      expected = new ArrayList<>(expected);
      expected.add(worker);
    }
  }

  /** Expected workers whose reply is owed: neither given nor lost. */
  List<String> owing() {
    List<String> owing = new ArrayList<>(expected);
    if (allRequired && !owing.isEmpty()) {
      owing.subList(0, owing.size() - 1).clear();
    }
    owing.removeAll(gone);
    owing.removeAll(replied);
    return owing;
  }

  /** Why there is no vote, where a window closed early or not. */
  MissingReason reason(boolean closedEarly) {
    if (error.isPresent()) {
      return MissingReason.ERROR;
    }
    if (offline) {
      return MissingReason.OFFLINE;
    }
    return closedEarly ? MissingReason.NOT_NEEDED : MissingReason.NO_REPLY;
  }
}
