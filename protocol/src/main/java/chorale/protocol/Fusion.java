package chorale.protocol;

/** The fusion rules by name: how an aggregator makes one answer of the votes. */
public enum Fusion {
  SCALED_SUM,
  MEAN,
  PRODUCT,
  MAJORITY,
  RUN_OFF,
  TRIMMED,
  AGREEMENT;

  public static final Fusion DEFAULT = SCALED_SUM;

  /** As in settings and results. */
  public String label() {
    return Labels.of(this).replace('_', '-');
  }
}
