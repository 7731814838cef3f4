package chorale.protocol;

/**
 * How the boards of a site divide the work on a request. One site, one strategy: workers of another
 * would vote on networks that the rest does not run.
 */
public enum Strategy {
  /** Every board runs a lighter variant of its own and answers every request. */
  VARIANT,
  /** One board runs the reference network. */
  SINGLE,
  /** Every board runs the reference network and answers its share of the requests. */
  DATA,
  /** Every board runs one stage of the reference network and hands on to the next. */
  MODEL,
  /** Every board runs a pruned network for some of the classes and answers every request. */
  CLASS;

  /** As in settings and in a worker's info. */
  public String label() {
    return Labels.of(this);
  }

  /** Whether an answer is made of the votes of several networks. */
  public boolean isFused() {
    return this == VARIANT || this == CLASS;
  }

  /** Whether of several workers with the same task only one does it ({@link RendezvousHash}). */
  public boolean isShared() {
    return this == DATA || this == MODEL;
  }
}
