package chorale.aggregator;

import chorale.aggregator.fusion.FusionRule;
import chorale.protocol.Stage;
import chorale.protocol.WorkerInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The workers that have announced themselves: those with retained info are on the roster, those of
 * them that are online and answer are available. A worker is silent, and so not available, after
 * {@value #MISSES} windows missed in a row, until its next reply or its next start. Holds at most
 * {@value #MAX_WORKERS} workers. Owned by the aggregator's thread.
 */
final class Roster {
  static final int MAX_WORKERS = 1024;
  static final int MISSES = 3;

  private final Map<String, Member> members = new HashMap<>();
  private final Set<String> excluded = new HashSet<>();
  private List<VariantEntry> entries = List.of();
  private boolean changed;

  /**
   * One variant of the roster as it stands.
   *
   * @param weight the largest of its workers'
   * @param stages one for each stage of its network; a whole network is one
   * @param offline whether none of its workers is online, or none of some stage
   */
  record VariantEntry(String variant, double weight, List<StageReplicas> stages, boolean offline) {
    VariantEntry {
      stages = List.copyOf(stages);
    }
  }

  /** The workers that can stand in for each other, by name. */
  record StageReplicas(List<String> online, List<String> available) {
    StageReplicas {
      online = List.copyOf(online);
      available = List.copyOf(available);
    }
  }

  private static final class Member {
    private Optional<WorkerInfo> info = Optional.empty();
    private boolean online;
    private int missed;

    private Stage stage() {
      return info.orElseThrow().assignment().stage();
    }

    private boolean isAvailable() {
      return info.isPresent() && online && missed < MISSES;
    }
  }

  /** The variants of the roster, in the order of their ids. */
  List<VariantEntry> entries() {
    if (changed) {
      entries = arrange();
      changed = false;
    }
    return entries;
  }

  private List<VariantEntry> arrange() {
    Map<String, SortedMap<String, Member>> byVariant = new TreeMap<>();
    members.forEach(
        (worker, member) ->
            member.info.ifPresent(
                info ->
                    byVariant
                        .computeIfAbsent(info.author().variant(), variant -> new TreeMap<>())
                        .put(worker, member)));
    List<VariantEntry> arranged = new ArrayList<>();
    byVariant.forEach((variant, workers) -> arranged.add(entry(variant, workers)));
    return List.copyOf(arranged);
  }

  private static VariantEntry entry(String variant, SortedMap<String, Member> workers) {
    double weight = 0;
    int stageCount = 1;
    for (Member member : workers.values()) {
      var author = member.info.orElseThrow().author();
      weight = Math.max(weight, FusionRule.weight(author.alpha(), author.inputSize()));
      stageCount = Math.max(stageCount, member.stage().count());
    }
    List<StageReplicas> stages = new ArrayList<>(stageCount);
    boolean offline = false;
    for (int index = 1; index <= stageCount; index++) {
      StageReplicas replicas = replicas(new Stage(index, stageCount), workers);
      stages.add(replicas);
      offline |= replicas.online().isEmpty();
    }
    return new VariantEntry(variant, weight, stages, offline);
  }

  private static StageReplicas replicas(Stage stage, SortedMap<String, Member> workers) {
    List<String> online = new ArrayList<>();
    List<String> available = new ArrayList<>();
    workers.forEach(
        (worker, member) -> {
          if (member.stage().equals(stage) && member.online) {
            online.add(worker);
            if (member.isAvailable()) {
              available.add(worker);
            }
          }
        });
    return new StageReplicas(online, available);
  }

  /** The entry that a worker shares with its replicas; empty while its info is unknown. */
  Optional<VariantEntry> entryOf(String worker) {
    Member member = members.get(worker);
    if (member == null || member.info.isEmpty()) {
      return Optional.empty();
    }
    String variant = member.info.get().author().variant();
    for (VariantEntry entry : entries()) {
      if (entry.variant().equals(variant)) {
        return Optional.of(entry);
      }
    }
    return Optional.empty();
  }

  boolean isAvailable(String worker) {
    Member member = members.get(worker);
    return member != null && member.isAvailable();
  }

  /** Whether this worker is known to run something else than it says now. */
  boolean moves(String worker, WorkerInfo to) {
    Member member = members.get(worker);
    return member != null
        && member.info.isPresent()
        && !(member.info.get().author().variant().equals(to.author().variant())
            && member.stage().equals(to.assignment().stage()));
  }

  /**
   * A worker of another strategy: on no roster, and its replies are not counted. Until it announces
   * itself otherwise.
   *
   * @return whether that is news
   */
  boolean exclude(String worker) {
    changed |= members.remove(worker) != null;
    return excluded.size() < MAX_WORKERS && excluded.add(worker);
  }

  boolean isExcluded(String worker) {
    return excluded.contains(worker);
  }

  /**
   * @return false if the roster is full and the worker is new
   */
  boolean announced(String worker, WorkerInfo info) {
    excluded.remove(worker);
    return change(
        worker,
        member -> {
          boolean restarted =
              member.info.isEmpty()
                  || member.info.get().author().session() != info.author().session();
          member.missed = restarted ? 0 : member.missed;
          member.info = Optional.of(info);
        });
  }

  /**
   * @return false if the roster is full and the worker is new
   */
  boolean available(String worker, boolean online) {
    return isExcluded(worker) || change(worker, member -> member.online = online);
  }

  private boolean change(String worker, java.util.function.Consumer<Member> how) {
    Member member = members.get(worker);
    if (member == null) {
      if (members.size() >= MAX_WORKERS) {
        return false;
      }
      member = new Member();
      members.put(worker, member);
    }
    how.accept(member);
    changed = true;
    return true;
  }

  /** The worker's info is gone: it is on the roster no more. */
  void forget(String worker) {
    excluded.remove(worker);
    changed |= members.remove(worker) != null;
  }

  /** Forgets everything, to learn it anew. */
  void forgetAll() {
    members.clear();
    excluded.clear();
    changed = true;
  }

  /**
   * A window that expected this worker ran to its deadline without its reply.
   *
   * @return whether it is silent from now on
   */
  boolean missed(String worker) {
    Member member = members.get(worker);
    if (member == null || !member.isAvailable()) {
      return false;
    }
    member.missed++;
    changed |= !member.isAvailable();
    return !member.isAvailable();
  }

  /**
   * A reply of this worker came.
   *
   * @return whether it was silent until now
   */
  boolean heard(String worker) {
    Member member = members.get(worker);
    if (member == null || member.missed == 0) {
      return false;
    }
    boolean wasSilent = member.missed >= MISSES;
    member.missed = 0;
    changed |= wasSilent;
    return wasSilent;
  }

  int size() {
    return members.size();
  }
}
