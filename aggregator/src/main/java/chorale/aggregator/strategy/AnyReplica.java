package chorale.aggregator.strategy;

import java.util.ArrayList;
import java.util.List;

/**
 * Variant parallelism, and the single board: every worker answers, and the first reply of a variant
 * is its vote. Owned by its window.
 */
final class AnyReplica extends Expected {
  AnyReplica(List<String> workers, boolean offline) {
    super(workers, offline);
  }

  static AnyReplica of(Replicas replicas) {
    return new AnyReplica(replicas.available(), replicas.online().isEmpty());
  }

  @Override
  public boolean isPending() {
    return gone.size() < workers.size();
  }

  @Override
  public boolean settles() {
    return !workers.isEmpty();
  }

  @Override
  public List<String> owing() {
    List<String> owing = new ArrayList<>(workers);
    owing.removeAll(gone);
    owing.removeAll(replied);
    return owing;
  }

  @Override
  public void join(String worker, Expected now, boolean wasThere) {
    offline &= now.offline;
    if (wasThere && !workers.contains(worker) && !replied.contains(worker)) {
      workers = new ArrayList<>(workers);
      workers.add(worker);
    }
  }
}
