package chorale.aggregator.strategy;

import chorale.protocol.RequestKey;
import chorale.protocol.Strategy;
import java.util.ArrayList;
import java.util.List;

/**
 * The expected set of one variant in one window: the workers whose reply the window waits for,
 * those of them that failed or were lost, and all that have replied. Owned by its window.
 */
public abstract sealed class Expected permits AnyReplica, StageOwners {
  /** Maximum number of remembered workers, which identify duplicate replies. */
  private static final int MAX_REPLIED = 256;

  List<String> workers;
  List<String> gone = List.of();
  List<String> replied = List.of();
  boolean offline;
  boolean quarantined;

  /**
   * @param offline whether no worker is online, or no worker of some stage
   */
  Expected(List<String> workers, boolean offline) {
    this.workers = workers;
    this.offline = offline;
  }

  /** Returns the expected set of a request for a variant with these workers. */
  public static Expected of(Strategy strategy, List<Replicas> stages, RequestKey key) {
    return strategy.isShared() ? StageOwners.of(stages, key) : AnyReplica.of(stages.get(0), key);
  }

  /**
   * Returns the empty set of a variant that joins after the window opened: its vote is optional.
   */
  public static Expected nobody(Strategy strategy, boolean offline) {
    return strategy.isShared()
        ? new StageOwners(List.of(), offline)
        : new AnyReplica(List.of(), List.of(), offline);
  }

  /** Returns whether the vote may still arrive. */
  public abstract boolean isPending();

  /** Returns whether a vote or an error of this variant can close the window. */
  public abstract boolean settles();

  /**
   * Returns the workers whose own reply is still missing, without substitutes, owners of earlier
   * stages, and workers that failed or were lost.
   */
  public abstract List<String> owing();

  /**
   * Handles news of the roster after the window opened.
   *
   * @param now the expected set of a request that arrives now
   * @param wasThere whether the worker was available when the window opened, but not known yet
   */
  public abstract void join(String worker, Expected now, boolean wasThere);

  /** Returns whether no vote comes because workers are offline. */
  public final boolean isOffline() {
    return offline;
  }

  /** Returns whether no vote comes because the workers whose turn it is are quarantined. */
  public final boolean isQuarantined() {
    return quarantined;
  }

  public final boolean hasReplied(String worker) {
    return replied.contains(worker);
  }

  public final void replied(String worker) {
    if (replied.size() < MAX_REPLIED) {
      replied = replied.isEmpty() ? new ArrayList<>(2) : replied;
      replied.add(worker);
    }
  }

  /**
   * Handles a worker that became unavailable. A variant without any needed worker left is no longer
   * expected.
   *
   * @param byWill whether it is offline; otherwise it is silent
   */
  public final void lose(String worker, boolean byWill) {
    if (remove(worker) && !isPending()) {
      offline = byWill;
      if (replied.isEmpty()) {
        expect(List.of());
      }
    }
  }

  /**
   * Removes a worker that will not vote.
   *
   * @return whether the window waited for it
   */
  public final boolean remove(String worker) {
    if (!workers.contains(worker) || gone.contains(worker)) {
      return false;
    }
    gone = gone.isEmpty() ? new ArrayList<>(2) : gone;
    gone.add(worker);
    return true;
  }

  /** Waits for these workers, none of which is gone. */
  final void expect(List<String> workers) {
    this.workers = workers;
    this.gone = List.of();
  }
}
