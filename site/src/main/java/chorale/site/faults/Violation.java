package chorale.site.faults;

/**
 * Something that must not happen. Immutable.
 *
 * @param about a request, a camera or a process
 * @param history what is known of it, in lines
 */
public record Violation(Kind kind, String about, String history) {
  /** What must not happen. */
  public enum Kind {
    /** No result, although an aggregator was there. */
    LOST,
    /** Two decisions, although no aggregator was stopped or cut off. */
    DOUBLED,
    /** A result after the deadline and the turns of all members. */
    LATE,
    /** A result of a request that was never published, or a vote that no worker gave. */
    INVENTED,
    /** A vote counted twice, or two of one variant. */
    RECOUNTED,
    /** A decision that reached the observer or the camera alone, although all were there. */
    UNDELIVERED,
    /** The broker keeps an older result than was published a second before. */
    STALE,
    /** A process ended by itself, or not in order. */
    ENDED,
    /** The site was not whole again after a fault. */
    STUCK,
    /** A process' memory grew, although nothing happened but the usual. */
    GREW,
    /** A process logged a warning or an error, although nothing had happened. */
    LOGGED
  }
}
