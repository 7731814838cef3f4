package chorale.aggregator.strategy;

import chorale.protocol.RendezvousHash;
import chorale.protocol.RequestKey;
import java.util.ArrayList;
import java.util.List;

/**
 * Data and model parallelism: of each stage one worker takes the request, all of them are needed,
 * and that of the last stage votes. Owned by its window.
 *
 * <p>The owner is chosen among all workers that are online, as the workers choose it, who know
 * nothing of each other's silence. An owner that is silent is not waited for.
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

  /** Only one worker's vote can come, whoever was expected. */
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
