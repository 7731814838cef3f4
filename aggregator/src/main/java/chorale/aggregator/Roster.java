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
  private final Set<String> strangers = new HashSet<>();
  private List<Seat> seats = List.of();
  private boolean changed;

  /**
   * One variant of the roster as it stands.
   *
   * @param weight the largest of its workers'
   * @param posts one for each stage of its network; a whole network is one
   * @param offline whether none of its workers is online, or none of some stage
   */
  record Seat(String variant, double weight, List<Post> posts, boolean offline) {
    Seat {
      posts = List.copyOf(posts);
    }
  }

  /** The workers that can stand in for each other, by name. */
  record Post(List<String> online, List<String> available) {
    Post {
      online = List.copyOf(online);
      available = List.copyOf(available);
    }
  }

  private static final class Member {
    private Optional<WorkerInfo> info = Optional.empty();
    private boolean online;
    private int missed;

    private Stage stage() {
      return info.orElseThrow().part().stage();
    }

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
    Map<String, SortedMap<String, Member>> byVariant = new TreeMap<>();
    members.forEach(
        (worker, member) ->
            member.info.ifPresent(
                info ->
                    byVariant
                        .computeIfAbsent(info.author().variant(), variant -> new TreeMap<>())
                        .put(worker, member)));
    List<Seat> arranged = new ArrayList<>();
    byVariant.forEach((variant, workers) -> arranged.add(seat(variant, workers)));
    return List.copyOf(arranged);
  }

  private static Seat seat(String variant, SortedMap<String, Member> workers) {
    double weight = 0;
    int stages = 1;
    for (Member member : workers.values()) {
      var author = member.info.orElseThrow().author();
      weight = Math.max(weight, FusionRule.weight(author.alpha(), author.inputSize()));
      stages = Math.max(stages, member.stage().count());
    }
    List<Post> posts = new ArrayList<>(stages);
    boolean offline = false;
    for (int index = 1; index <= stages; index++) {
      Post post = post(new Stage(index, stages), workers);
      posts.add(post);
      offline |= post.online().isEmpty();
    }
    return new Seat(variant, weight, posts, offline);
  }

  private static Post post(Stage stage, SortedMap<String, Member> workers) {
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
    return new Post(online, available);
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

  /** Whether this worker is known to run something else than it says now. */
  boolean moves(String worker, WorkerInfo to) {
    Member member = members.get(worker);
    return member != null
        && member.info.isPresent()
        && !(member.info.get().author().variant().equals(to.author().variant())
            && member.stage().equals(to.part().stage()));
  }

  /**
   * A worker of another strategy: on no roster, and its replies are not counted. Until it announces
   * itself otherwise.
   *
   * @return whether that is news
   */
  boolean exclude(String worker) {
    changed |= members.remove(worker) != null;
    return strangers.size() < MAX_WORKERS && strangers.add(worker);
  }

  boolean isStranger(String worker) {
    return strangers.contains(worker);
  }

  /**
   * @return false if the roster is full and the worker is new
   */
  boolean announced(String worker, WorkerInfo info) {
    strangers.remove(worker);
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
    return isStranger(worker) || change(worker, member -> member.online = online);
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
    strangers.remove(worker);
    changed |= members.remove(worker) != null;
  }

  /** Forgets everything, to learn it anew. */
  void forgetAll() {
    members.clear();
    strangers.clear();
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
