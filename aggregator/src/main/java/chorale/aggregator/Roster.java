package chorale.aggregator;

import chorale.aggregator.fusion.FusionRule;
import chorale.aggregator.strategy.Replicas;
import chorale.protocol.Address;
import chorale.protocol.Bytes;
import chorale.protocol.Fleet;
import chorale.protocol.Fleet.Member;
import chorale.protocol.Role;
import chorale.protocol.Strategy;
import chorale.protocol.Topics.StatusKind;
import chorale.protocol.WorkerInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The workers of the site's strategy that have announced themselves, by variant. Those of them that
 * are online and answer are available. A worker is silent, and so not available, after {@value
 * #MISSES} windows missed in a row, until its next reply or its next start. A worker of another
 * strategy is excluded: its votes are those of networks not made to be fused with these. Owned by
 * the aggregator's thread.
 */
final class Roster {
  static final int MISSES = 3;

  private final Strategy strategy;
  private final Fleet fleet = new Fleet();
  private final ClassLists classLists = new ClassLists();

  /** Windows missed in a row, by worker. */
  private final Map<String, Integer> missed = new HashMap<>();

  private List<VariantEntry> entries = List.of();
  private boolean changed;

  /**
   * One variant of the roster as it stands.
   *
   * @param weight the largest of its workers'
   * @param stages one for each stage of its network; a whole network is one
   */
  record VariantEntry(String variant, double weight, List<Replicas> stages) {}

  Roster(Strategy strategy) {
    this.strategy = strategy;
  }

  Strategy strategy() {
    return strategy;
  }

  /** Takes in a worker's status message. */
  Fleet.Effect hear(Address.Status status, Bytes payload) {
    String worker = status.name();
    Optional<Long> before = session(worker);
    Fleet.Effect effect = fleet.hear(status, payload);
    if (!session(worker).equals(before)) {
      missed.remove(worker);
    }
    if (status.kind() == StatusKind.INFO && !(effect instanceof Fleet.Effect.Malformed)) {
      info(worker).ifPresent(classLists::learn);
    }
    changed |= effect instanceof Fleet.Effect.Changed;
    return effect;
  }

  private Optional<Long> session(String worker) {
    return info(worker).map(info -> info.author().session());
  }

  /** Forgets everything but the class lists, to learn it anew. */
  void forgetAll() {
    fleet.forgetAll();
    missed.clear();
    changed = true;
  }

  /** What a worker of the roster says of itself. */
  Optional<WorkerInfo> info(String worker) {
    return fleet.worker(worker).filter(this::isOurs);
  }

  private boolean isOurs(WorkerInfo info) {
    return info.assignment().strategy() == strategy;
  }

  /** The strategy of a worker that is excluded for it. */
  Optional<Strategy> otherStrategy(String worker) {
    return fleet
        .worker(worker)
        .map(info -> info.assignment().strategy())
        .filter(s -> s != strategy);
  }

  boolean isExcluded(String worker) {
    return otherStrategy(worker).isPresent();
  }

  /** Whether a worker of the roster is online, silent or not. */
  boolean isOnline(String worker) {
    return info(worker).isPresent() && fleet.isThere(new Member(Role.WORKER, worker));
  }

  boolean isAvailable(String worker) {
    return isOnline(worker) && missed.getOrDefault(worker, 0) < MISSES;
  }

  ClassLists classLists() {
    return classLists;
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
    Map<String, List<WorkerInfo>> byVariant = new TreeMap<>();
    for (WorkerInfo info : fleet.workers()) {
      if (isOurs(info)) {
        byVariant.computeIfAbsent(info.author().variant(), id -> new ArrayList<>()).add(info);
      }
    }
    List<VariantEntry> arranged = new ArrayList<>();
    byVariant.forEach(
        (variant, workers) ->
            arranged.add(
                new VariantEntry(
                    variant,
                    weight(workers),
                    Replicas.byStage(workers, this::isOnline, this::isAvailable))));
    return List.copyOf(arranged);
  }

  private static double weight(List<WorkerInfo> workers) {
    return workers.stream()
        .mapToDouble(info -> FusionRule.weight(info.author().alpha(), info.author().inputSize()))
        .max()
        .orElse(0);
  }

  /** The entry that a worker shares with its replicas; empty while its info is unknown. */
  Optional<VariantEntry> entryOf(String worker) {
    Optional<String> variant = info(worker).map(info -> info.author().variant());
    return entries().stream()
        .filter(entry -> variant.equals(Optional.of(entry.variant())))
        .findFirst();
  }

  /**
   * A window that expected this worker ran to its deadline without its reply.
   *
   * @return whether it is silent from now on
   */
  boolean missed(String worker) {
    if (!isAvailable(worker)) {
      return false;
    }
    boolean silent = missed.merge(worker, 1, Integer::sum) >= MISSES;
    changed |= silent;
    return silent;
  }

  /**
   * A reply of this worker came.
   *
   * @return whether it was silent until now
   */
  boolean heard(String worker) {
    Integer before = missed.remove(worker);
    boolean wasSilent = before != null && before >= MISSES;
    changed |= wasSilent;
    return wasSilent;
  }

  /** How many workers are known, announced or online, without the excluded ones. */
  int size() {
    long excluded = fleet.workers().stream().filter(info -> !isOurs(info)).count();
    return fleet.size() - Math.toIntExact(excluded);
  }
}
