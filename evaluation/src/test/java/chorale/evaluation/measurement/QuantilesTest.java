package chorale.evaluation.measurement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class QuantilesTest {
  @Test
  void median_oddOrEven_isTheMiddle() {
    assertEquals(3, Quantiles.median(List.of(9.0, 1.0, 3.0)));
    assertEquals(2.5, Quantiles.median(List.of(4.0, 9.0, 1.0, 1.0)));
  }

  @Test
  void nearestRank_isAlwaysAMeasuredValue() {
    List<Double> values = List.of(4.0, 3.0, 2.0, 1.0);
    assertEquals(2, Quantiles.nearestRank(values, .5));
    assertEquals(4, Quantiles.nearestRank(values, .99));
    assertEquals(1, Quantiles.nearestRank(values, .01));
  }

  @Test
  void median_noValues_isRejected() {
    assertThrows(IllegalArgumentException.class, () -> Quantiles.median(List.of()));
  }
}
