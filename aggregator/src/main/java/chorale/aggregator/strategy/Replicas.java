package chorale.aggregator.strategy;

import chorale.protocol.Stage;
import chorale.protocol.WorkerInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The workers that can stand in for each other, by name. Immutable.
 *
 * @param available those that are online and not silent
 */
public record Replicas(List<String> online, List<String> available) {
  public Replicas {
    online = List.copyOf(online);
    available = List.copyOf(available);
  }

  /**
   * The workers of one variant, by the stage of its network that they run; a whole network is one
   * stage.
   */
  public static List<Replicas> byStage(
      List<WorkerInfo> workers, Predicate<String> isOnline, Predicate<String> isAvailable) {
    int count = 1;
    for (WorkerInfo worker : workers) {
      count = Math.max(count, worker.assignment().stage().count());
    }
    List<Replicas> stages = new ArrayList<>(count);
    for (int index = 1; index <= count; index++) {
      Stage stage = new Stage(index, count);
      List<String> online =
          workers.stream()
              .filter(worker -> worker.assignment().stage().equals(stage))
              .map(worker -> worker.author().worker())
              .filter(isOnline)
              .toList();
      stages.add(new Replicas(online, online.stream().filter(isAvailable).toList()));
    }
    return List.copyOf(stages);
  }
}
