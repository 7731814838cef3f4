package chorale.protocol;

import java.util.List;
import java.util.Objects;

/**
 * The retained announcement of a worker: an entry of the roster. Immutable.
 *
 * @param author as in every reply
 * @param modelSet name of the model set of its variant
 * @param classes ordered class names; the author holds their digest
 * @param selfBenchmarkMillis shortest time of a few inferences, measured at start
 * @param boardFactor 1 for a real board; above 1 the worker emulates a board that is slower than
 *     its machine by this factor, and reports that board's times
 * @param calibration for the fused answer of its model set, included so that an aggregator needs no
 *     model files
 * @param assignment its part in the strategy of its site
 * @param replySchema schema of its replies; 1 if its info does not say
 * @param version of the software
 */
public record WorkerInfo(
    Reply.Author author,
    String modelSet,
    List<String> classes,
    double selfBenchmarkMillis,
    double boardFactor,
    Calibration calibration,
    Assignment assignment,
    int replySchema,
    String version) {
  public WorkerInfo {
    Objects.requireNonNull(author, "author");
    Objects.requireNonNull(modelSet, "modelSet");
    classes = List.copyOf(classes);
    Objects.requireNonNull(calibration, "calibration");
    Objects.requireNonNull(assignment, "assignment");
    Objects.requireNonNull(version, "version");
    if (classes.size() != author.classCount()) {
      throw new IllegalArgumentException(
          classes.size() + " class names for " + author.classCount() + " classes");
    }
    if (assignment.group().stream().anyMatch(each -> each < 0 || each >= author.classCount())) {
      throw new IllegalArgumentException(
          "group %s of %s classes".formatted(assignment.group(), author.classCount()));
    }
    if (!(boardFactor >= 1)) {
      throw new IllegalArgumentException("board factor " + boardFactor + " (allowed: from 1)");
    }
    if (Digests.prefix(Digests.ofClasses(classes)) != author.classDigest()) {
      throw new IllegalArgumentException("the class names do not match their digest");
    }
    if (assignment.isShared()
        && !(selfBenchmarkMillis > 0 && selfBenchmarkMillis < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "self-benchmark of %s ms (allowed: above 0, for a worker that shares requests)"
              .formatted(selfBenchmarkMillis));
    }
  }

  /**
   * Returns whether only one of these two workers answers each request. If votes are fused, both
   * must run the same model; with other strategies the aggregator decides which model it accepts.
   */
  public boolean sharesWith(WorkerInfo other) {
    return assignment.isShared()
        && assignment.equals(other.assignment())
        && author.variant().equals(other.author().variant())
        && (!assignment.strategy().isFused()
            || author.modelDigest() == other.author().modelDigest());
  }
}
