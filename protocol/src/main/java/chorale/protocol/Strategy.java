package chorale.protocol;

/**
 * The ways in which the boards of a site divide the work on a request. All workers of a site use
 * the same strategy, because votes of different strategies cannot be fused.
 */
public enum Strategy {
  /** Every board runs its own variant and answers every request. */
  VARIANT,
  /** One board runs the reference network. */
  SINGLE,
  /** Every board runs the reference network and answers its share of the requests. */
  DATA,
  /** Every board runs one stage of the reference network and sends the output to the next board. */
  MODEL,
  /** Every board runs a pruned network for a group of classes and answers every request. */
  CLASS;

  /** Returns the name in settings and in a worker's info. */
  public String label() {
    return Labels.of(this);
  }

  /** Returns whether votes of several networks are combined into an answer. */
  public boolean isFused() {
    return this == VARIANT || this == CLASS;
  }

  /**
   * Returns whether only one of several workers with the same task processes a request ({@link
   * RendezvousHash}).
   */
  public boolean isShared() {
    return this == DATA || this == MODEL;
  }
}
