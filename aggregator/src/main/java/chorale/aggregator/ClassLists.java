package chorale.aggregator;

import chorale.protocol.Calibration;
import chorale.protocol.WorkerInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The class lists learned from workers' infos, at most {@value #MAX}, the least recently announced
 * forgotten first. A digest proves its list, so these outlive a reconnect: what a digest stands for
 * cannot become untrue, and replies that overtake their worker's info stay valid. Owned by the
 * aggregator's thread.
 */
final class ClassLists {
  static final int MAX = 16;

  /**
   * The classes that a digest stands for, and how answers over them are calibrated. Immutable.
   *
   * @param digest {@link chorale.protocol.Digests#prefix} of the names'
   */
  record ClassList(long digest, List<String> names, Calibration calibration) {
    ClassList {
      names = List.copyOf(names);
    }
  }

  private final Map<Long, ClassList> lists = new LinkedHashMap<>();

  void learn(WorkerInfo info) {
    long digest = info.author().classDigest();
    lists.remove(digest);
    lists.put(digest, new ClassList(digest, info.classes(), info.calibration()));
    if (lists.size() > MAX) {
      lists.remove(lists.keySet().iterator().next());
    }
  }

  Optional<ClassList> find(long digest) {
    return Optional.ofNullable(lists.get(digest));
  }
}
