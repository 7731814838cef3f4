package chorale.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

final class CalibrationErrorTest {
  private final CalibrationError error = new CalibrationError();

  @Test
  void value_oneBin_isGapOfAccuracyAndConfidence() {
    error.add(.90, true);
    error.add(.92, false);

    // Both are in (13/15, 14/15]: accuracy 0.5, mean confidence 0.91.
    assertEquals(.41, error.value(), 1e-12);
  }

  @Test
  void value_twoBins_isMeanWeightedByAnswers() {
    error.add(.50, true);
    error.add(.50, true);
    error.add(.50, false);
    error.add(1.0, false);

    // 3/4 * |2/3 - .5| + 1/4 * |0 - 1|
    assertEquals(.125 + .25, error.value(), 1e-12);
  }

  @Test
  void value_errorsOfOppositeSignInTwoBins_doNotCancel() {
    error.add(.2, true);
    error.add(.8, false);

    assertEquals(.8, error.value(), 1e-12);
  }

  @Test
  void value_upperEdgeOfABin_belongsToTheLowerBin() {
    error.add(1 / 15.0, true);
    error.add(0, false);

    // In one bin: accuracy 0.5, mean 1/30. In two bins the error would be 14/30.
    assertEquals(.5 - 1 / 30.0, error.value(), 1e-12);
  }

  @Test
  void value_perfectlyCalibratedOrEmpty_isZero() {
    assertEquals(0, error.value());
    error.add(.5, true);
    error.add(.5, false);
    assertEquals(0, error.value(), 1e-12);
  }

  @Test
  void add_notAShare_isRejected() {
    assertThrows(IllegalArgumentException.class, () -> error.add(1.001, true));
    assertThrows(IllegalArgumentException.class, () -> error.add(Double.NaN, true));
  }
}
