package chorale.protocol;

import java.util.List;
import java.util.Objects;

/**
 * What a worker announces of itself, retained: a member of the roster. Immutable.
 *
 * @param author as in every reply
 * @param modelSet name of the set its variant belongs to
 * @param classes ordered class names, whose digest is the author's
 * @param selfBenchmarkMillis shortest time of a few inferences, measured at start
 * @param boardFactor 1 for a real board; above it the worker emulates one that is so many times
 *     slower than its machine, and its times are that board's
 * @param calibration of the fused answer of its model set, so that an aggregator needs no model
 *     files
 * @param assignment in its site's strategy
 * @param replySchema of its replies; 1 where its info does not say
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
      throw new IllegalArgumentException("class names and their digest disagree");
    }
    if (assignment.isShared()
        && !(selfBenchmarkMillis > 0 && selfBenchmarkMillis < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "self-benchmark of %s ms (allowed: above 0, for a worker that shares requests)"
              .formatted(selfBenchmarkMillis));
    }
  }

  /**
   * Whether each request is answered by only one of these two workers. Votes that are fused are
   * those of a model; the other strategies leave it to their aggregator which one they accept.
   */
  public boolean sharesWith(WorkerInfo other) {
    return assignment.isShared()
        && assignment.equals(other.assignment())
        && author.variant().equals(other.author().variant())
        && (!assignment.strategy().isFused()
            || author.modelDigest() == other.author().modelDigest());
  }
}
