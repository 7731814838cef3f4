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
 * The record of a run: injected faults and observed messages. Times are nanoseconds of one ticker.
 * Any thread may record a frame; one thread records all else. Read it after the cameras' threads
 * have ended.
 */
final class History {
  final List<Strike> strikes = new ArrayList<>();
  final List<Outage> outages = new ArrayList<>();
  final List<Told> told = new ArrayList<>();
  final List<Kept> kept = new ArrayList<>();
  final List<Gone> gone = new ArrayList<>();
  final List<Present> present = new ArrayList<>();
  final List<Violation> noted = new ArrayList<>();

  /** Time of arrival of each frame at the observer. */
  final Map<RequestKey, Long> heard = new HashMap<>();

  /** Received replies with classes. */
  final Map<RequestKey, Set<Vote>> replies = new HashMap<>();

  /** Results that cameras received on their response topics. */
  final Map<RequestKey, Map<Origin, Long>> delivered = new HashMap<>();

  /** Spans in which the cameras may have missed messages. */
  final List<Span> camerasAway = new ArrayList<>();

  /** Times at which all services were ready again after a fault of the broker. */
  final List<Long> whole = new ArrayList<>();

  /** Milliseconds that 200 clients took to reconnect, per round. */
  final List<Double> rounds = new ArrayList<>();

  /** Spans in which each aggregator was ready, running and connected. */
  final Map<String, List<Span>> able = new HashMap<>();

  /** Origin of the times in reports. */
  long startNanos;

  /** Start of the checked part; earlier frames fall into the start of the processes. */
  long warmNanos;

  // Guarded by this.
  private final List<Frame> frames = new ArrayList<>();
  private final Set<RequestKey> refused = new HashSet<>();

  /** A published frame of a camera. */
  record Frame(RequestKey key, String camera, long atNanos) {}

  /**
   * A result, received live, that is not a repetition for a retry.
   *
   * @param isAnswer whether it has an answer, so that the broker retains it
   * @param votes counted votes
   * @param detail how it was decided, for reports
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
   * A worker's answer, from its reply or as counted in a result.
   *
   * @param probability of its most likely class, in millionths
   */
  record Vote(String worker, String variant, long probability) {
    static Vote of(String worker, String variant, double probability) {
      return new Vote(worker, variant, (long) Math.rint(probability * 1e6));
    }
  }

  /** The retained results at the time of a query, by camera. */
  record Kept(Map<String, Origin> results, long atNanos) {
    Kept {
      results = Map.copyOf(results);
    }
  }

  /** The offline message of an aggregator, from its last will or its shutdown. */
  record Gone(String name, long atNanos) {}

  /** The online message of a worker, or an info message of an aggregator. */
  record Present(String name, long atNanos) {}

  /** A time span in which a request may remain without a result, with the cause. */
  record Outage(Cause cause, Span span) {}

  /**
   * An injected fault.
   *
   * @param cameras that the victim owned
   * @param span from the fault until it was undone; for a killed broker, until it accepts
   *     connections again
   */
  record Strike(FaultKind kind, String victim, Set<String> cameras, Span span) {
    Strike {
      cameras = Set.copyOf(cameras);
    }
  }

  /** Returns whether messages of this time are checked. */
  boolean isJudged(long atNanos) {
    return atNanos - warmNanos >= 0;
  }

  /** Returns whether the observer may have missed messages. */
  boolean isOut(Span span) {
    return outages.stream().anyMatch(each -> each.span().overlaps(span));
  }

  /** Returns whether an aggregator was ready, running and connected for the whole span. */
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

  /** Records a frame that the broker did not accept. */
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
