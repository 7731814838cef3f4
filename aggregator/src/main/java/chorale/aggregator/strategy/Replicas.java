package chorale.aggregator.strategy;

import chorale.protocol.Replica;
import chorale.protocol.RequestKey;
import chorale.protocol.Stage;
import chorale.protocol.WorkerInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The workers of one variant and stage, which can replace each other, in the order of their names.
 * Immutable.
 *
 * @param available workers that are online and not silent
 * @param quarantined online workers whose votes do not count; they keep their share of the requests
 * @param sharers online workers, with the data that decides which of them answers a request
 */
public record Replicas(
    List<String> online, List<String> available, List<String> quarantined, List<Sharer> sharers) {
  public Replicas {
    online = List.copyOf(online);
    available = List.copyOf(available);
    quarantined = List.copyOf(quarantined);
    sharers = List.copyOf(sharers);
  }

  /** A worker with its weight in the choice of a request's owner. */
  record Sharer(WorkerInfo info, Replica replica) {
    private boolean yieldsTo(Sharer other, RequestKey key) {
      return info.sharesWith(other.info) && other.replica.precedes(replica, key);
    }
  }

  /**
   * Returns the available workers that answer a request. Of workers that share it, only the owner
   * does; it is chosen among all online workers, with the same rule as on the workers.
   */
  List<String> answering(RequestKey key) {
    if (online.size() < 2 || Replica.isForAll(key)) {
      return available;
    }
    List<String> answering = new ArrayList<>(online.size());
    for (Sharer each : sharers) {
      String worker = each.replica().worker();
      if (available.contains(worker)
          && sharers.stream().noneMatch(other -> each.yieldsTo(other, key))) {
        answering.add(worker);
      }
    }
    return answering;
  }

  /**
   * Groups the workers of one variant by the stage of its network; a whole network is one stage.
   */
  public static List<Replicas> byStage(
      List<WorkerInfo> workers,
      Predicate<String> isOnline,
      Predicate<String> isAvailable,
      Predicate<String> isQuarantined) {
    int count = 1;
    for (WorkerInfo worker : workers) {
      count = Math.max(count, worker.assignment().stage().count());
    }
    List<Replicas> stages = new ArrayList<>(count);
    for (int index = 1; index <= count; index++) {
      Stage stage = new Stage(index, count);
      List<Sharer> sharers =
          workers.stream()
              .filter(worker -> worker.assignment().stage().equals(stage))
              .filter(worker -> isOnline.test(worker.author().worker()))
              .map(worker -> new Sharer(worker, Replica.of(worker)))
              .toList();
      List<String> online = sharers.stream().map(each -> each.replica().worker()).toList();
      stages.add(
          new Replicas(
              online,
              online.stream().filter(isAvailable).toList(),
              online.stream().filter(isQuarantined).toList(),
              sharers));
    }
    return List.copyOf(stages);
  }
}
