package chorale.aggregator.strategy;

import chorale.protocol.RequestKey;
import chorale.protocol.Strategy;
import java.util.ArrayList;
import java.util.List;

/**
 * The expected set of one variant in one window: the workers whose reply is waited for, those of
 * them that failed or were lost since, and all that have replied. Owned by its window.
 */
public abstract sealed class Expected permits AnyReplica, StageOwners {
  /** Names of workers remembered to tell duplicates from others, at most. */
  private static final int MAX_REPLIED = 256;

  List<String> workers;
  List<String> gone = List.of();
  List<String> replied = List.of();
  boolean offline;
  boolean quarantined;

  /**
   * @param offline whether no worker is online, or none of some stage
   */
  Expected(List<String> workers, boolean offline) {
    this.workers = workers;
    this.offline = offline;
  }

  /** What a request may expect of a variant with these workers. */
  public static Expected of(Strategy strategy, List<Replicas> stages, RequestKey key) {
    return strategy.isShared() ? StageOwners.of(stages, key) : AnyReplica.of(stages.get(0), key);
  }

  /** Of a variant that joins after the window opened: its vote is taken, not waited for. */
  public static Expected nobody(Strategy strategy, boolean offline) {
    return strategy.isShared()
        ? new StageOwners(List.of(), offline)
        : new AnyReplica(List.of(), List.of(), offline);
  }

  /** Whether the vote may still come. */
  public abstract boolean isPending();

  /** Whether a vote or an error of this variant settles it. */
  public abstract boolean settles();

  /** Expected workers whose reply is owed: neither given nor lost. */
  public abstract List<String> owing();

  /**
   * The roster knows more than when the window opened.
   *
   * @param now what a request would expect by now
   * @param wasThere the worker was available when the window opened, and we learn of it only now
   */
  public abstract void join(String worker, Expected now, boolean wasThere);

  /** Whether no vote comes because workers are offline. */
  public final boolean isOffline() {
    return offline;
  }

  /** Whether no vote comes because those of the workers whose turn it is do not count. */
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
   * A worker became unavailable. A variant that loses the last one it needs is expected no more.
   *
   * @param byWill it is offline; otherwise it is silent
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
   * The worker will not vote.
   *
   * @return whether it was waited for
   */
  public final boolean remove(String worker) {
    if (!workers.contains(worker) || gone.contains(worker)) {
      return false;
    }
    gone = gone.isEmpty() ? new ArrayList<>(2) : gone;
    gone.add(worker);
    return true;
  }

  /** Waits for these workers, none of whom is gone. */
  final void expect(List<String> workers) {
    this.workers = workers;
    this.gone = List.of();
  }
}
