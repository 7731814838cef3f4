package chorale.site.faults;

import chorale.protocol.AggregatorInfo.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The aggregators of a site, with the spans in which each is able to answer: announced as ready and
 * online, and not affected by a fault. Not thread-safe; times are nanoseconds of one ticker.
 */
final class Members {
  /** Time after a fault within which an aggregator that detected it announces itself again. */
  private static final Duration UNNOTICED = Duration.ofSeconds(3);

  private final Map<String, Member> members = new LinkedHashMap<>();
  private int rejoined;

  private static final class Member {
    private State state = State.JOINING;
    private boolean online;
    private boolean struck;
    private boolean confirmed = true;
    private long releasedNanos;
    private boolean able;
    private long ableNanos;
    private final List<Span> past = new ArrayList<>();
  }

  Members(List<String> names) {
    names.forEach(name -> members.put(name, new Member()));
  }

  /** Records an announced state. */
  void heard(String name, State state, long now) {
    Member member = members.get(name);
    if (member == null) {
      return;
    }
    if (state == State.JOINING && member.able) {
      rejoined++;
    }
    member.state = state;
    member.confirmed |= !member.struck && state == State.READY;
    update(member, now);
  }

  /** Records an availability message. */
  void heard(String name, boolean online, long now) {
    Member member = members.get(name);
    if (member != null) {
      member.online = online;
      update(member, now);
    }
  }

  /** Resets all states, because the observer has lost its connection. */
  void forget(long now) {
    for (Member each : members.values()) {
      each.state = State.JOINING;
      each.online = false;
      update(each, now);
    }
  }

  /** Records the start of a fault. */
  void strike(String name, long now) {
    Member member = members.get(name);
    member.struck = true;
    member.confirmed = false;
    update(member, now);
  }

  /** Records the end of a fault. */
  void release(String name, long now) {
    Member member = members.get(name);
    member.struck = false;
    member.releasedNanos = now;
    update(member, now);
  }

  /** Updates all members to this time. */
  void advance(long now) {
    members.values().forEach(each -> update(each, now));
  }

  private static void update(Member member, long now) {
    boolean unnoticed = now - member.releasedNanos >= UNNOTICED.toNanos();
    boolean able =
        member.state == State.READY
            && member.online
            && !member.struck
            && (member.confirmed || unnoticed);
    if (able && !member.able) {
      member.ableNanos = now;
    } else if (!able && member.able) {
      member.past.add(new Span(member.ableNanos, now));
    }
    member.able = able;
  }

  /** Returns the members that have been able for at least this time, by name. */
  List<String> able(Duration atLeast, long now) {
    List<String> names = new ArrayList<>();
    members.forEach(
        (name, member) -> {
          if (member.able && now - member.ableNanos >= atLeast.toNanos()) {
            names.add(name);
          }
        });
    return names;
  }

  boolean areAllAble(Duration atLeast, long now) {
    return able(atLeast, now).size() == members.size();
  }

  List<String> names() {
    return List.copyOf(members.keySet());
  }

  /** Returns how often a member rejoined without a fault. */
  int rejoined() {
    return rejoined;
  }

  /** Returns the spans in which each was able, until now. */
  Map<String, List<Span>> spans(long now) {
    Map<String, List<Span>> all = new TreeMap<>();
    members.forEach(
        (name, member) -> {
          List<Span> spans = new ArrayList<>(member.past);
          if (member.able) {
            spans.add(new Span(member.ableNanos, now));
          }
          all.put(name, spans);
        });
    return all;
  }
}
