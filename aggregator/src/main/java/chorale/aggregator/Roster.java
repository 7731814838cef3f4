package chorale.aggregator;

import chorale.aggregator.fusion.FusionRule;
import chorale.aggregator.strategy.Replicas;
import chorale.aggregator.trust.Quarantine;
import chorale.protocol.Address;
import chorale.protocol.Bytes;
import chorale.protocol.Fleet;
import chorale.protocol.Fleet.Member;
import chorale.protocol.Reply.Author;
import chorale.protocol.Role;
import chorale.protocol.Strategy;
import chorale.protocol.Topics.StatusKind;
import chorale.protocol.WorkerInfo;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The roster: the announced workers with the site's strategy and model set, grouped by variant.
 * Workers that are online and not silent are available. A worker is silent after {@value #MISSES}
 * missed windows in a row, until its next reply or restart. Workers with another strategy or model
 * set are refused, because their votes cannot be fused with the others. Owned by the aggregator's
 * thread.
 */
final class Roster {
  static final int MISSES = 3;

  private static final System.Logger LOG = System.getLogger(Roster.class.getName());

  private final Strategy strategy;
  private final SiteModels models;
  private final TrustedWorkers trusted;
  private final Quarantine quarantine;
  private final Fleet fleet = new Fleet();
  private final Refusals refusals = new Refusals();

  /** Workers of the site's model set that have neither left nor changed, as far as is known. */
  private final Set<String> members = new HashSet<>();

  /** Windows missed in a row, by worker. */
  private final Map<String, Integer> missed = new HashMap<>();

  private List<VariantEntry> entries = List.of();
  private Set<String> quarantined = Set.of();
  private List<String> silenced = List.of();
  private SiteTiers tiers = SiteTiers.NONE;
  private boolean changed;

  /**
   * One variant of the current roster.
   *
   * @param weight the largest weight of its workers
   * @param group indices of the classes that it covers; empty for all
   * @param silenced whether none of its votes counts: all its workers are quarantined
   * @param tier the first tier of its workers
   * @param millis the shortest inference time of its workers
   * @param stages one for each stage of its network; a whole network is one stage
   */
  record VariantEntry(
      String variant,
      double weight,
      List<Integer> group,
      boolean silenced,
      int tier,
      double millis,
      List<Replicas> stages) {}

  Roster(Strategy strategy, SiteModels models, TrustedWorkers trusted, Quarantine quarantine) {
    this.strategy = strategy;
    this.models = models;
    this.trusted = trusted;
    this.quarantine = quarantine;
  }

  Strategy strategy() {
    return strategy;
  }

  SiteModels models() {
    return models;
  }

  /** Handles a worker's status message. */
  Fleet.Effect hear(Address.Status status, Bytes payload) {
    String worker = status.name();
    Optional<Long> before = session(worker);
    Fleet.Effect effect = fleet.hear(status, payload);
    if (effect instanceof Fleet.Effect.Changed) {
      changed = true;
      learn();
      if (!session(worker).equals(before)) {
        missed.remove(worker);
      }
      if (status.kind() == StatusKind.INFO && info(worker).isEmpty()) {
        members.remove(worker);
      }
    }
    return effect;
  }

  private Optional<Long> session(String worker) {
    return info(worker).map(info -> info.author().session());
  }

  /** Forgets everything except the models; the retained messages arrive again. */
  void forgetAll() {
    fleet.forgetAll();
    missed.clear();
    changed = true;
  }

  /** Marks the set of quarantined workers as changed. */
  void quarantineChanged() {
    changed = true;
  }

  /**
   * Updates which workers are trusted. If a worker loses trust, models learned from it are
   * discarded.
   */
  void trustChanged() {
    changed = true;
    if (members.removeIf(each -> !trusted.trusts(each)) && !models.isConfigured()) {
      models.forget();
    }
    learn();
  }

  // ---- the site's models

  /**
   * Fixes the models when a window opens after the retained messages have arrived. They then stay
   * fixed as long as workers have them.
   */
  void fixModels() {
    if (models.isFixed() && (models.isConfigured() || !members.isEmpty())) {
      return;
    }
    if (fleet.onlineWorkers().stream().noneMatch(this::belongs)) {
      return;
    }
    boolean anew = models.isFixed();
    models.forget();
    learn();
    models.fix();
    changed = true;
    if (anew) {
      LOG.log(
          Level.WARNING,
          "no worker has the site''s models any more; they are learned again: {0}",
          models);
    } else {
      LOG.log(Level.INFO, "the site''s models, as announced by its workers: {0}", models);
    }
    report();
  }

  private void learn() {
    List<WorkerInfo> announced = fleet.workers().stream().filter(this::belongs).toList();
    models.learn(announced, fleet.onlineWorkers().stream().filter(this::belongs).toList());
    for (WorkerInfo info : announced) {
      String worker = info.author().worker();
      if (!models.accepts(info)) {
        members.remove(worker);
      } else if (members.size() < Fleet.MAX_MEMBERS) {
        members.add(worker);
      }
    }
    report();
  }

  /**
   * Reports refused workers; until the models are fixed, the next info can change who is refused.
   */
  private void report() {
    for (WorkerInfo info : fleet.workers()) {
      String worker = info.author().worker();
      if (accepts(info)) {
        refusals.accepted(worker);
      } else if (models.isFixed() || !belongs(info)) {
        refusals.report(worker, refusal(info));
      }
    }
  }

  private String refusal(WorkerInfo info) {
    if (!trusted.trusts(info.author().worker())) {
      return trusted.reason();
    }
    return belongs(info)
        ? models.refusal(info)
        : "its strategy is %s, but this site's is %s; run it on a site of its own"
            .formatted(info.assignment().strategy().label(), strategy.label());
  }

  private boolean accepts(WorkerInfo info) {
    return belongs(info) && models.accepts(info);
  }

  /** Returns whether it is a worker of this site, regardless of its models. */
  private boolean belongs(WorkerInfo info) {
    return info.assignment().strategy() == strategy && trusted.trusts(info.author().worker());
  }

  // ---- present workers

  /** Returns the info of a worker in the roster. */
  Optional<WorkerInfo> info(String worker) {
    return fleet.worker(worker).filter(this::accepts);
  }

  /** Returns whether a worker has announced itself, in the roster or refused. */
  boolean isAnnounced(String worker) {
    return fleet.worker(worker).isPresent();
  }

  /**
   * Returns whether the author differs from its worker's announcement, or the worker is refused.
   */
  boolean disowns(Author author) {
    Optional<WorkerInfo> info = fleet.worker(author.worker());
    if (info.isEmpty()) {
      return false;
    }
    Author announced = info.get().author();
    boolean differs =
        !author.variant().equals(announced.variant())
            || author.alpha() != announced.alpha()
            || author.inputSize() != announced.inputSize()
            || author.classCount() != announced.classCount()
            || author.classDigest() != announced.classDigest()
            || author.modelDigest() != announced.modelDigest();
    if (differs) {
      refusals.reportReply(announced, author);
    }
    return differs || !accepts(info.get());
  }

  /** Returns whether a reply is from another session of its worker than the announced one. */
  boolean isReplayed(Author author, long arrivedNanos) {
    return fleet
        .worker(author.worker())
        .filter(info -> trusted.isReplayed(author, info.author().session(), arrivedNanos))
        .isPresent();
  }

  /** Returns whether a worker of the roster is online, silent or not. */
  boolean isOnline(String worker) {
    return info(worker).isPresent() && fleet.isThere(new Member(Role.WORKER, worker));
  }

  boolean isAvailable(String worker) {
    return isOnline(worker) && missed.getOrDefault(worker, 0) < MISSES;
  }

  /** Returns the variants of the roster in the order of their ids. */
  List<VariantEntry> entries() {
    refresh();
    return entries;
  }

  /** Returns all workers whose votes do not count. */
  Set<String> quarantined() {
    refresh();
    return quarantined;
  }

  /** Returns the quarantined workers that are online, by name. */
  List<String> silenced() {
    refresh();
    return silenced;
  }

  SiteTiers tiers() {
    refresh();
    return tiers;
  }

  private void refresh() {
    if (changed) {
      entries = arrange();
      tiers = SiteTiers.of(entries, fleet.workers().stream().filter(this::accepts).toList());
      quarantined = quarantine.quarantined();
      silenced = quarantined.stream().filter(this::isOnline).toList();
      changed = false;
    }
  }

  /**
   * Returns the workers of the roster that are online, by name, including silent and quarantined
   * ones.
   */
  List<String> online() {
    return fleet.onlineWorkers().stream()
        .filter(this::accepts)
        .map(info -> info.author().worker())
        .toList();
  }

  /** Returns whether some variant has several workers online. */
  boolean hasReplicas() {
    List<WorkerInfo> online = fleet.onlineWorkers().stream().filter(this::accepts).toList();
    return online.stream().map(info -> info.author().variant()).distinct().count() < online.size();
  }

  private List<VariantEntry> arrange() {
    Map<String, List<WorkerInfo>> byVariant = new TreeMap<>();
    for (WorkerInfo info : fleet.workers()) {
      if (accepts(info)) {
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
                    workers.get(0).assignment().group(),
                    workers.stream().allMatch(info -> isQuarantined(info.author().worker())),
                    workers.stream()
                        .mapToInt(info -> info.assignment().tier().number())
                        .min()
                        .orElse(1),
                    workers.stream().mapToDouble(WorkerInfo::selfBenchmarkMillis).min().orElse(0),
                    Replicas.byStage(
                        workers, this::isOnline, this::isAvailable, this::isQuarantined))));
    return List.copyOf(arranged);
  }

  private boolean isQuarantined(String worker) {
    return quarantine.isQuarantined(worker);
  }

  private static double weight(List<WorkerInfo> workers) {
    return workers.stream()
        .mapToDouble(info -> FusionRule.weight(info.author().alpha(), info.author().inputSize()))
        .max()
        .orElse(0);
  }

  /** Returns the entry that a worker shares with its replicas; empty while its info is unknown. */
  Optional<VariantEntry> entryOf(String worker) {
    Optional<String> variant = info(worker).map(info -> info.author().variant());
    return entries().stream()
        .filter(entry -> variant.equals(Optional.of(entry.variant())))
        .findFirst();
  }

  /**
   * Records a window that expected this worker and reached its deadline without its reply.
   *
   * @return whether the worker is silent from now on
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
   * Records a reply of this worker.
   *
   * @return whether it was silent until now
   */
  boolean heard(String worker) {
    Integer before = missed.remove(worker);
    boolean wasSilent = before != null && before >= MISSES;
    changed |= wasSilent;
    return wasSilent;
  }

  /** Returns the number of known workers, announced or online, except the refused ones. */
  int size() {
    long refused = fleet.workers().stream().filter(info -> !accepts(info)).count();
    return fleet.size() - Math.toIntExact(refused);
  }
}
