package chorale.aggregator;

import chorale.aggregator.fusion.FusionRule;
import chorale.protocol.WorkerInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private List<Seat> seats = List.of();
  private boolean changed;

  /**
   * One variant of the roster as it stands.
   *
   * @param weight the largest of its workers'
   * @param available names of its workers that are available
   * @param offline whether none of its workers is online
   */
  record Seat(String variant, double weight, List<String> available, boolean offline) {
    Seat {
      available = List.copyOf(available);
    }
  }

  private static final class Member {
    private Optional<WorkerInfo> info = Optional.empty();
    private boolean online;
    private int missed;

    private boolean isAvailable() {
      return info.isPresent() && online && missed < MISSES;
    }
  }

  /** The variants of the roster, in the order of their ids. */
  List<Seat> seats() {
    if (changed) {
      seats = arrange();
      changed = false;
    }
    return seats;
  }

  private List<Seat> arrange() {
    Map<String, List<String>> available = new TreeMap<>();
    Map<String, Double> weights = new HashMap<>();
    Map<String, Boolean> online = new HashMap<>();
    for (Map.Entry<String, Member> each : new TreeMap<>(members).entrySet()) {
      Member member = each.getValue();
      if (member.info.isPresent()) {
        var author = member.info.get().author();
        List<String> workers =
            available.computeIfAbsent(author.variant(), variant -> new ArrayList<>());
        if (member.isAvailable()) {
          workers.add(each.getKey());
        }
        weights.merge(
            author.variant(), FusionRule.weight(author.alpha(), author.inputSize()), Math::max);
        online.merge(author.variant(), member.online, Boolean::logicalOr);
      }
    }
    List<Seat> arranged = new ArrayList<>();
    available.forEach(
        (variant, workers) ->
            arranged.add(new Seat(variant, weights.get(variant), workers, !online.get(variant))));
    return List.copyOf(arranged);
  }

  /** The seat that a worker shares with its replicas; empty while its info is unknown. */
  Optional<Seat> seatOf(String worker) {
    Member member = members.get(worker);
    if (member == null || member.info.isEmpty()) {
      return Optional.empty();
    }
    String variant = member.info.get().author().variant();
    for (Seat seat : seats()) {
      if (seat.variant().equals(variant)) {
        return Optional.of(seat);
      }
    }
    return Optional.empty();
  }

  boolean isAvailable(String worker) {
    Member member = members.get(worker);
    return member != null && member.isAvailable();
  }

  /** Whether this worker is known to run another variant than this. */
  boolean movesTo(String worker, String variant) {
    Member member = members.get(worker);
    return member != null
        && member.info.isPresent()
        && !member.info.get().author().variant().equals(variant);
  }

  /**
   * @return false if the roster is full and the worker is new
   */
  boolean announced(String worker, WorkerInfo info) {
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
    return change(worker, member -> member.online = online);
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
    changed |= members.remove(worker) != null;
  }

  /** Forgets everything, to learn it anew. */
  void forgetAll() {
    members.clear();
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
