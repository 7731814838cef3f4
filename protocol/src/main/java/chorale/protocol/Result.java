package chorale.protocol;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The one decision on a request, as dashboards see it. Immutable.
 *
 * @param ts wall-clock time of the decision
 * @param error why there is no answer, where the request itself was at fault ({@link
 *     Failure#BAD_REQUEST}) or all workers failed (their codes, joined by commas, and the first
 *     detail)
 * @param answer absent for {@code no_answer}
 * @param quarantined workers whose votes did not count, by name
 * @param latencyMillis from the opening of the window to the decision
 * @param responseTopicRefused the response topic that the sender asked for and may not have
 * @param capturedAt the frame's own, echoed
 * @param origin who published it
 * @param repeated sent again to a retry whose request was already decided
 */
public record Result(
    RequestKey requestId,
    String camera,
    Instant ts,
    Status status,
    Optional<Failure> error,
    Optional<Answer> answer,
    DecidedBy decidedBy,
    List<Answered> answered,
    List<Missing> missing,
    List<String> quarantined,
    double latencyMillis,
    int deadlineMillis,
    Optional<String> capturedAt,
    Optional<String> responseTopicRefused,
    Origin origin,
    boolean repeated) {

  public Result {
    answered = List.copyOf(answered);
    missing = List.copyOf(missing);
    quarantined = List.copyOf(quarantined);
    if ((status == Status.NO_ANSWER) == answer.isPresent()) {
      throw new IllegalArgumentException("a result has an answer unless it is no_answer");
    }
  }

  public Result asRepeated() {
    return new Result(
        requestId,
        camera,
        ts,
        status,
        error,
        answer,
        decidedBy,
        answered,
        missing,
        quarantined,
        latencyMillis,
        deadlineMillis,
        capturedAt,
        responseTopicRefused,
        origin,
        true);
  }

  /**
   * The place of a result among its camera's.
   *
   * @param aggregator that published it
   * @param seq one above the highest that its aggregator had heard for this camera
   */
  public record Origin(String aggregator, long seq) implements Comparable<Origin> {
    @Override
    public int compareTo(Origin other) {
      int order = Long.compare(seq, other.seq);
      return order != 0 ? order : aggregator.compareTo(other.aggregator);
    }
  }

  /**
   * What a result is worth. Where several hold, the last of them is given: an answer that is unsure
   * can also lack votes.
   */
  public enum Status {
    /** The whole fleet stands behind the answer. */
    ANSWERED,
    /** Some of the fleet voted. */
    PARTIAL,
    /** The answer is less certain than the aggregator's thresholds. */
    UNSURE,
    NO_ANSWER;

    public String label() {
      return Labels.of(this);
    }
  }

  /** What closed the window. {@code REQUEST}: it was refused before it opened one. */
  public enum DecidedBy {
    ALL,
    BOUND,
    QUORUM,
    DEADLINE,
    OVERLOAD,
    REQUEST;

    public String label() {
      return Labels.of(this);
    }
  }

  /** Why a variant of the roster did not vote. */
  public enum MissingReason {
    OFFLINE,
    NO_REPLY,
    ERROR,
    NOT_NEEDED,
    /** The tiers before its own were sure. */
    NOT_ASKED,
    /** The votes of all its workers do not count. */
    QUARANTINED;

    public String label() {
      return Labels.of(this);
    }
  }

  /**
   * The fused answer.
   *
   * @param name of the most likely class
   * @param index of the most likely class
   * @param confidence calibrated: the measured chance that the class is right
   * @param score the raw mean probability
   * @param topk classes in falling order of their score
   * @param fusion the rule's name
   * @param withstands how many of the votes could be replaced by anything without changing the
   *     class
   * @param missingClasses those that no voter answers for, with strategy class
   * @param tier the last one that was asked; empty on a site without tiers
   */
  public record Answer(
      String name,
      int index,
      double confidence,
      double score,
      List<Scored> topk,
      String fusion,
      int withstands,
      List<String> missingClasses,
      Optional<Integer> tier) {
    public Answer {
      topk = List.copyOf(topk);
      missingClasses = List.copyOf(missingClasses);
    }
  }

  /** One class of the fused ranking. */
  public record Scored(String name, int index, double score) {}

  /**
   * One vote.
   *
   * @param name of the worker's most likely class
   * @param arrivedMillis after the window opened
   */
  public record Answered(
      String worker,
      String variant,
      String name,
      double probability,
      double inferenceMillis,
      double arrivedMillis) {}

  /**
   * @param error the worker's, where the reason is {@code error}
   */
  public record Missing(String variant, MissingReason reason, Optional<Failure> error) {}
}
