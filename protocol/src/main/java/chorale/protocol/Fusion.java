package chorale.protocol;

/** The names of the fusion rules, by which an aggregator combines votes into one answer. */
public enum Fusion {
  SCALED_SUM,
  MEAN,
  PRODUCT,
  MAJORITY,
  RUN_OFF,
  TRIMMED,
  AGREEMENT;

  public static final Fusion DEFAULT = SCALED_SUM;

  /** Returns the name in settings and results. */
  public String label() {
    return Labels.of(this).replace('_', '-');
  }
}
