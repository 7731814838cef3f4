package chorale.site.faults;

/**
 * A violation of the site's guarantees. Immutable.
 *
 * @param about a request, a camera or a process
 * @param history related events, in lines
 */
public record Violation(Kind kind, String about, String history) {
  /** The kinds of violations. */
  public enum Kind {
    /** No result, although an aggregator was able to answer. */
    LOST,
    /**
     * Two decisions, although no aggregator was paused or cut off or had a slow link, the broker
     * was up, and messages were within the group's limit.
     */
    DOUBLED,
    /** A result after the deadline and the turns of all members. */
    LATE,
    /** A result of an unpublished request, or a vote that no worker sent. */
    INVENTED,
    /** A vote counted twice, or two votes of one variant. */
    RECOUNTED,
    /**
     * A decision that reached only the observer or only the camera, although both were connected.
     */
    UNDELIVERED,
    /** The broker retains an older result than one published at least 1 s before. */
    STALE,
    /** A process exited unexpectedly, or not properly. */
    ENDED,
    /** The site was not fully ready again after a fault. */
    STUCK,
    /** A process's memory grew under constant load. */
    GREW,
    /** A process logged a warning or an error without a fault. */
    LOGGED
  }
}
