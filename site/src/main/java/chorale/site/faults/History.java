package chorale.site.faults;

import chorale.protocol.RequestKey;
import chorale.protocol.Result.Origin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was done to a site and what was heard of it. Times are nanoseconds of one ticker. Cameras
 * write to it from threads of their own, everybody else from one; read it when they have ended.
 */
final class History {
  final List<Strike> strikes = new ArrayList<>();
  final List<Outage> outages = new ArrayList<>();
  final List<Told> told = new ArrayList<>();
  final List<Kept> kept = new ArrayList<>();
  final List<Gone> gone = new ArrayList<>();
  final List<Present> present = new ArrayList<>();
  final List<Violation> noted = new ArrayList<>();

  /** When a frame was first heard. */
  final Map<RequestKey, Long> heard = new HashMap<>();

  /** Replies with classes that were heard. */
  final Map<RequestKey, Set<Vote>> replies = new HashMap<>();

  /** What the cameras got themselves, on their response topics. */
  final Map<RequestKey, Map<Origin, Long>> delivered = new HashMap<>();

  /** When the cameras may have missed something. */
  final List<Span> camerasAway = new ArrayList<>();

  /** When all services were ready again after a fault of the broker. */
  final List<Long> whole = new ArrayList<>();

  /** How long 200 clients took to come back, each time, in milliseconds. */
  final List<Double> rounds = new ArrayList<>();

  /** When each aggregator was ready, running and connected. */
  final Map<String, List<Span>> able = new HashMap<>();

  /** From when the times that people see are given. */
  long startNanos;

  /** Frames before are not judged: the processes had just started. */
  long warmNanos;

  // Guarded by this.
  private final List<Frame> frames = new ArrayList<>();
  private final Set<RequestKey> refused = new HashSet<>();

  /** A frame that a camera published. */
  record Frame(RequestKey key, String camera, long atNanos) {}

  /**
   * A result that was heard live and is not a repetition for a retry.
   *
   * @param isAnswer it has one, so the broker keeps it
   * @param votes that it counts
   * @param detail how it was decided, for people
   */
  record Told(
      RequestKey key,
      String camera,
      Origin origin,
      boolean isAnswer,
      List<Vote> votes,
      String detail,
      long atNanos) {
    Told {
      votes = List.copyOf(votes);
    }
  }

  /**
   * A worker's answer, as it replied or as a result counts it.
   *
   * @param probability of its most likely class, in millionths
   */
  record Vote(String worker, String variant, long probability) {
    static Vote of(String worker, String variant, double probability) {
      return new Vote(worker, variant, (long) Math.rint(probability * 1e6));
    }
  }

  /** The results that the broker kept when it was asked, by camera. */
  record Kept(Map<String, Origin> results, long atNanos) {
    Kept {
      results = Map.copyOf(results);
    }
  }

  /** An aggregator's will or farewell was heard. */
  record Gone(String name, long atNanos) {}

  /** A worker said that it is online, or an aggregator anything. */
  record Present(String name, long atNanos) {}

  /** A time in which a request may be lost. */
  record Outage(Cause cause, Span span) {}

  /**
   * A fault that was brought about.
   *
   * @param cameras that the victim owned
   * @param span until it was undone: a broker that was killed accepts connections again
   */
  record Strike(FaultKind kind, String victim, Set<String> cameras, Span span) {
    Strike {
      cameras = Set.copyOf(cameras);
    }
  }

  /** Whether what was heard at this time counts. */
  boolean isJudged(long atNanos) {
    return atNanos - warmNanos >= 0;
  }

  /** Whether the observer may have missed something. */
  boolean isOut(Span span) {
    return outages.stream().anyMatch(each -> each.span().overlaps(span));
  }

  /** Whether an aggregator was ready, running and connected all that time. */
  boolean isAble(String aggregator, Span span) {
    return able.getOrDefault(aggregator, List.of()).stream().anyMatch(each -> each.covers(span));
  }

  boolean isAnyAble(Span span) {
    return able.keySet().stream().anyMatch(each -> isAble(each, span));
  }

  boolean areAllAble(Span span) {
    return able.keySet().stream().allMatch(each -> isAble(each, span));
  }

  synchronized void published(Frame frame) {
    frames.add(frame);
  }

  /** The broker has not taken a frame. */
  synchronized void refused(RequestKey key) {
    refused.add(key);
  }

  synchronized List<Frame> frames() {
    return List.copyOf(frames);
  }

  synchronized boolean isRefused(RequestKey key) {
    return refused.contains(key);
  }

  void note(Violation.Kind kind, String about, String text) {
    noted.add(new Violation(kind, about, text));
  }
}
