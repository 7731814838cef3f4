package chorale.site.faults;

import chorale.protocol.AggregatorInfo.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The aggregators of a site, and when each is able to answer: ready and online as it announces, and
 * not hit by a fault. One owner; times are nanoseconds of one ticker.
 */
final class Members {
  /** After a fault, until an aggregator that announces nothing has not noticed it. */
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

  /** It announces a state. */
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

  /** Its availability was heard. */
  void heard(String name, boolean online, long now) {
    Member member = members.get(name);
    if (member != null) {
      member.online = online;
      update(member, now);
    }
  }

  /** Nothing is known any more: the observer has lost its connection. */
  void forget(long now) {
    for (Member each : members.values()) {
      each.state = State.JOINING;
      each.online = false;
      update(each, now);
    }
  }

  /** A fault is about to hit it. */
  void strike(String name, long now) {
    Member member = members.get(name);
    member.struck = true;
    member.confirmed = false;
    update(member, now);
  }

  /** The fault is over. */
  void release(String name, long now) {
    Member member = members.get(name);
    member.struck = false;
    member.releasedNanos = now;
    update(member, now);
  }

  /** Lets time pass. */
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

  /** Those that have been able for so long, by name. */
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

  /** How often one joined anew without a fault. */
  int rejoined() {
    return rejoined;
  }

  /** When each was able, until now. */
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
