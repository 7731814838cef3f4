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
  final List<Violation> noted = new ArrayList<>();

  /** When a frame was first heard. */
  final Map<RequestKey, Long> heard = new HashMap<>();

  final Map<RequestKey, Integer> replies = new HashMap<>();

  /** When each aggregator was ready, running and connected. */
  final Map<String, List<Span>> able = new HashMap<>();

  /** From when the times that people see are given. */
  long startNanos;

  /** Frames before are not judged: the processes had just started. */
  long warmNanos = Long.MIN_VALUE;

  // Guarded by this.
  private final List<Frame> frames = new ArrayList<>();
  private final Set<RequestKey> refused = new HashSet<>();

  /** A frame that a camera published. */
  record Frame(RequestKey key, String camera, long atNanos) {}

  /**
   * A result that was heard live and is not a repetition for a retry.
   *
   * @param isAnswer it has one, so the broker keeps it
   * @param detail how it was decided, for people
   */
  record Told(
      RequestKey key,
      String camera,
      Origin origin,
      boolean isAnswer,
      String detail,
      long atNanos) {}

  /** The results that the broker kept when it was asked, by camera. */
  record Kept(Map<String, Origin> results, long atNanos) {
    Kept {
      results = Map.copyOf(results);
    }
  }

  /** An aggregator's will or farewell was heard. */
  record Gone(String name, long atNanos) {}

  /** A time in which a request may be lost. */
  record Outage(Cause cause, Span span) {}

  /**
   * A fault that was brought about.
   *
   * @param cameras that the victim owned
   */
  record Strike(FaultKind kind, String victim, Set<String> cameras, Span span) {
    Strike {
      cameras = Set.copyOf(cameras);
    }
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
