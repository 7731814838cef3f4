package chorale.protocol;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A worker's answer to one request: its top-k, or an error. Immutable.
 *
 * @param author the worker and its network
 * @param inferenceMicros time spent on decode and inference, of all stages so far, in microseconds
 * @param queueMicros waiting time in inbox and job queue, of all stages so far, in microseconds
 */
public record Reply(
    RequestKey key,
    String camera,
    Author author,
    Outcome outcome,
    int inferenceMicros,
    int queueMicros) {

  public Reply {
    Objects.requireNonNull(key, "key");
    Names.require("camera", camera);
    Objects.requireNonNull(author, "author");
    Objects.requireNonNull(outcome, "outcome");
    if (inferenceMicros < 0 || queueMicros < 0) {
      throw new IllegalArgumentException(
          "inference time %d, queue time %d (allowed: at least 0)"
              .formatted(inferenceMicros, queueMicros));
    }
    if (outcome instanceof Outcome.TopK topk) {
      for (Ranked ranked : topk.ranked()) {
        if (ranked.index() >= author.classCount()) {
          throw new IllegalArgumentException(
              "class index " + ranked.index() + " of " + author.classCount() + " classes");
        }
      }
    }
  }

  /**
   * The part of a reply that stays the same during one run of a worker.
   *
   * @param session number of this run; every start draws a new one
   * @param alpha width multiplier of the network
   * @param inputSize side of the network's square input, in pixels
   * @param classDigest prefix of the class list's digest ({@link Digests#prefix})
   * @param modelDigest prefix of the model file's digest ({@link Digests#prefix})
   */
  public record Author(
      String variant,
      String worker,
      long session,
      double alpha,
      int inputSize,
      int classCount,
      long classDigest,
      long modelDigest) {

    public Author {
      Names.require("variant", variant);
      Names.require("worker", worker);
      if (!(alpha > 0 && alpha <= 16)) {
        throw new IllegalArgumentException("alpha " + alpha + " is outside 0..16");
      }
      if (inputSize < 1 || inputSize > Limits.MAX_INPUT_SIZE) {
        throw new IllegalArgumentException("input size " + inputSize + " is outside 1..4096");
      }
      if (classCount < 1 || classCount > Limits.MAX_CLASSES) {
        throw new IllegalArgumentException("class count " + classCount + " is outside 1..65536");
      }
    }
  }

  /** A top-k or an error. */
  public sealed interface Outcome permits Outcome.TopK, Failure {
    /**
     * The most likely classes in decreasing order of probability, each class at most once.
     *
     * @param ranked 1 to 16 entries
     * @param other summed probability of all classes outside the network's group; empty for a
     *     network that covers all classes
     */
    record TopK(List<Ranked> ranked, Optional<Double> other) implements Outcome {
      public TopK(List<Ranked> ranked) {
        this(ranked, Optional.empty());
      }

      public TopK {
        if (other.filter(each -> !(each >= 0 && each <= 1)).isPresent()) {
          throw new IllegalArgumentException("other is " + other.get() + " (allowed: 0 to 1)");
        }
        ranked = List.copyOf(ranked);
        if (ranked.isEmpty() || ranked.size() > Limits.MAX_K) {
          throw new IllegalArgumentException("top-k of " + ranked.size() + " entries");
        }
        for (int i = 1; i < ranked.size(); i++) {
          if (ranked.get(i).probability() > ranked.get(i - 1).probability()) {
            throw new IllegalArgumentException("top-k is not in decreasing order");
          }
          for (int j = 0; j < i; j++) {
            if (ranked.get(i).index() == ranked.get(j).index()) {
              throw new IllegalArgumentException("class " + ranked.get(i).index() + " twice");
            }
          }
        }
      }
    }
  }
}
