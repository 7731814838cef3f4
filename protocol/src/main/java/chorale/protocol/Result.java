package chorale.protocol;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The decision on a request, as subscribers receive it. Immutable.
 *
 * @param ts wall-clock time of the publication
 * @param error why there is no answer: an invalid request ({@link Failure#BAD_REQUEST}), or all
 *     workers failed (their codes, joined by commas, and the first detail)
 * @param answer empty for {@code no_answer}
 * @param quarantined workers whose votes did not count, by name
 * @param latencyMillis from the opening of the window to the publication
 * @param responseTopicRefused the sender's response topic if it is not allowed
 * @param capturedAt echoed from the frame
 * @param origin the aggregator that published it, and the sequence number
 * @param repeated whether it answers a retry of a request that was already decided
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
      throw new IllegalArgumentException(
          "status " + status.label() + (answer.isPresent() ? " with" : " without") + " an answer");
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
   * The position of a result in the sequence of its camera's results.
   *
   * @param aggregator the aggregator that published it
   * @param seq one above the highest number that this aggregator had received for the camera
   */
  public record Origin(String aggregator, long seq) implements Comparable<Origin> {
    @Override
    public int compareTo(Origin other) {
      int order = Long.compare(seq, other.seq);
      return order != 0 ? order : aggregator.compareTo(other.aggregator);
    }
  }

  /**
   * The quality of a result. If several values apply, the one listed last is used: an unsure answer
   * can also lack votes.
   */
  public enum Status {
    /**
     * Every variant of the asked tiers voted, except quarantined ones, or no missing vote could
     * change the class.
     */
    ANSWERED,
    /** Only some variants voted, or classes are missing. */
    PARTIAL,
    /** The confidence or margin is below the aggregator's thresholds. */
    UNSURE,
    NO_ANSWER;

    public String label() {
      return Labels.of(this);
    }
  }

  /**
   * The event that closed the window. {@code REQUEST}: the request was refused before a window
   * opened.
   */
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

  /** The reasons why a variant of the roster did not vote. */
  public enum MissingReason {
    OFFLINE,
    NO_REPLY,
    ERROR,
    NOT_NEEDED,
    /** Its tier was not asked. */
    NOT_ASKED,
    /** The workers that had to answer are in quarantine. */
    QUARANTINED;

    public String label() {
      return Labels.of(this);
    }
  }

  /**
   * The fused answer.
   *
   * @param name name of the most likely class
   * @param index index of the most likely class
   * @param confidence calibrated probability that the class is right
   * @param score raw mean probability
   * @param topk classes in decreasing order of score
   * @param fusion name of the fusion rule
   * @param withstands how many votes could be replaced arbitrarily without changing the class
   * @param missingClasses classes that no voter covers, with strategy class
   * @param tier the last tier that was asked; empty on a site without tiers
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
   * An accepted vote.
   *
   * @param name the worker's most likely class
   * @param arrivedMillis time since the window opened
   */
  public record Answered(
      String worker,
      String variant,
      String name,
      double probability,
      double inferenceMillis,
      double arrivedMillis) {}

  /**
   * A variant of the roster that did not vote, and why.
   *
   * @param error the worker's error, if the reason is {@code error}
   */
  public record Missing(String variant, MissingReason reason, Optional<Failure> error) {}
}
