package chorale.protocol;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A view of the services of a site, built from their retained status messages: availability of
 * every service, info of the workers. Holds at most {@value #MAX_MEMBERS} members and ignores
 * further ones. Used by one thread.
 *
 * <p>Retained messages arrive one by one, some shortly after the subscription is granted. Until
 * then the view is incomplete.
 */
public final class Fleet {
  public static final int MAX_MEMBERS = 1024;

  private final StatusCodec codec = new StatusCodec();
  private final Map<Member, State> members = new HashMap<>();

  /** A service, identified by role and name. */
  public record Member(Role role, String name) {
    public Member {
      Objects.requireNonNull(role, "role");
      Objects.requireNonNull(name, "name");
    }
  }

  /** The effect of a status message on this view. */
  public sealed interface Effect {
    record Nothing() implements Effect {}

    record Changed() implements Effect {}

    /** Ignored: the service is new and the view is full. */
    record Full() implements Effect {}

    /**
     * Ignored: not a valid availability or info, or the info names another worker than the topic.
     */
    record Malformed(String detail) implements Effect {}
  }

  /**
   * @param announced whether an info message exists
   * @param info present for workers only
   */
  private record State(boolean online, boolean announced, Optional<WorkerInfo> info) {
    static final State UNKNOWN = new State(false, false, Optional.empty());
  }

  public Effect hear(Address.Status status, Bytes payload) {
    Member member = new Member(status.role(), status.name());
    State before = state(member);
    State after;
    try {
      after =
          switch (status.kind()) {
            case AVAILABILITY -> new State(online(payload), before.announced(), before.info());
            case INFO -> new State(before.online(), !payload.isEmpty(), info(member, payload));
            case HEALTH -> before;
          };
    } catch (MalformedException e) {
      return new Effect.Malformed(String.valueOf(e.getMessage()));
    }
    if (after.equals(before)) {
      return new Effect.Nothing();
    }
    if (after.equals(State.UNKNOWN)) {
      members.remove(member);
    } else if (before.equals(State.UNKNOWN) && members.size() >= MAX_MEMBERS) {
      return new Effect.Full();
    } else {
      members.put(member, after);
    }
    return new Effect.Changed();
  }

  private static boolean online(Bytes payload) throws MalformedException {
    boolean online = payload.equals(StatusCodec.ONLINE);
    if (!online && !payload.isEmpty() && !payload.equals(StatusCodec.OFFLINE)) {
      throw new MalformedException("the availability is neither 'online' nor 'offline'");
    }
    return online;
  }

  private Optional<WorkerInfo> info(Member member, Bytes payload) throws MalformedException {
    if (member.role() != Role.WORKER || payload.isEmpty()) {
      return Optional.empty();
    }
    WorkerInfo info = codec.decodeWorkerInfo(payload);
    if (!info.author().worker().equals(member.name())) {
      throw new MalformedException("it names another worker: " + info.author().worker());
    }
    return Optional.of(info);
  }

  /** Clears the view, for a reconnect: the broker sends all retained messages again. */
  public void forgetAll() {
    members.clear();
  }

  public int size() {
    return members.size();
  }

  /** Returns whether a service is online and has published its info. */
  public boolean isThere(Member member) {
    return state(member).online() && state(member).announced();
  }

  /** Returns the info of a worker, online or not. */
  public Optional<WorkerInfo> worker(String name) {
    return state(new Member(Role.WORKER, name)).info();
  }

  /** Returns the info of all workers, online or not, sorted by name. */
  public List<WorkerInfo> workers() {
    return workers(state -> true);
  }

  /** Returns the info of the workers that are online, sorted by name. */
  public List<WorkerInfo> onlineWorkers() {
    return workers(State::online);
  }

  private List<WorkerInfo> workers(Predicate<State> which) {
    return members.values().stream()
        .filter(which)
        .flatMap(state -> state.info().stream())
        .sorted(Comparator.comparing(info -> info.author().worker()))
        .toList();
  }

  private State state(Member member) {
    return members.getOrDefault(member, State.UNKNOWN);
  }
}
