package chorale.protocol;

import java.util.List;
import java.util.stream.Stream;

/** The fusion rules by name: how an aggregator makes one answer of the votes. */
public enum Fusion {
  SCALED_SUM,
  MEAN,
  PRODUCT,
  MAJORITY;

  public static final Fusion DEFAULT = SCALED_SUM;

  /** As in settings and results. */
  public String label() {
    return Labels.of(this).replace('_', '-');
  }

  /** Of all rules, the default first. */
  public static List<String> labels() {
    return Stream.of(values()).map(Fusion::label).toList();
  }
}
