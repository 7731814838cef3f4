package chorale.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class CalibrationTest {
  private final Calibration calibration =
      new Calibration(List.of(0.25, 0.5, 1.0), List.of(0.5, 0.75, 0.875));

  @Test
  void apply_betweenKnots_isLinear() {
    assertEquals(0.625, calibration.apply(0.375));
    assertEquals(0.8125, calibration.apply(0.75));
  }

  @Test
  void apply_onAKnot_isItsValue() {
    assertEquals(0.5, calibration.apply(0.25));
    assertEquals(0.75, calibration.apply(0.5));
    assertEquals(0.875, calibration.apply(1.0));
  }

  @Test
  void apply_beyondTheKnots_isConstant() {
    assertEquals(0.5, calibration.apply(0));
    assertEquals(0.875, calibration.apply(2));
  }

  @Test
  void apply_none_changesNothing() {
    assertEquals(0.3, Calibration.NONE.apply(0.3));
  }

  @Test
  void construct_knotsThatFall_areRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new Calibration(List.of(0.5, 0.5), List.of(0.1, 0.2)));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Calibration(List.of(0.1, 0.5), List.of(0.3, 0.2)));
    assertThrows(IllegalArgumentException.class, () -> new Calibration(List.of(0.1), List.of(1.2)));
    assertThrows(IllegalArgumentException.class, () -> new Calibration(List.of(0.1), List.of()));
  }
}
