package chorale.aggregator.strategy;

import chorale.protocol.RendezvousHash;
import chorale.protocol.RequestKey;
import java.util.ArrayList;
import java.util.List;

/**
 * The expected set under data and model parallelism: one worker of each stage owns the request, all
 * owners are needed, and that of the last stage votes. Owned by its window.
 *
 * <p>The owners are chosen among all online workers, with the same rule as on the workers. Only the
 * aggregator detects that a worker is silent. A silent owner therefore keeps its requests until its
 * health message is overdue, but the window does not wait for it.
 */
final class StageOwners extends Expected {
  StageOwners(List<String> workers, boolean offline) {
    super(workers, offline);
  }

  static StageOwners of(List<Replicas> stages, RequestKey key) {
    List<String> owners = new ArrayList<>(stages.size());
    boolean offline = false;
    for (Replicas replicas : stages) {
      offline |= replicas.online().isEmpty();
      RendezvousHash.owner(key, replicas.online())
          .filter(replicas.available()::contains)
          .ifPresent(owners::add);
    }
    return new StageOwners(owners.size() == stages.size() ? owners : List.of(), offline);
  }

  @Override
  public boolean isPending() {
    return gone.isEmpty() && !workers.isEmpty();
  }

  /** Always true: only one worker can vote, regardless of the expected set. */
  @Override
  public boolean settles() {
    return true;
  }

  @Override
  public List<String> owing() {
    List<String> last = workers.subList(Math.max(0, workers.size() - 1), workers.size());
    return last.stream()
        .filter(worker -> !gone.contains(worker) && !replied.contains(worker))
        .toList();
  }

  @Override
  public void join(String worker, Expected now, boolean wasThere) {
    if (wasThere && replied.isEmpty()) {
      expect(now.workers);
      offline &= workers.isEmpty();
    }
  }
}
