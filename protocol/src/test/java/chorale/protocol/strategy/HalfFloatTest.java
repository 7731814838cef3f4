package chorale.protocol.strategy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class HalfFloatTest {
  @Test
  void of_everyFiniteHalf_isUnchanged() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      short half = (short) bits;
      if (HalfFloat.isFinite(half)) {
        assertEquals(half, HalfFloat.of(HalfFloat.toFloat(half)), Integer.toHexString(bits));
      }
    }
  }

  @Test
  void of_betweenTwoHalves_roundsToNearestTiesToEven() {
    for (int bits = 0; bits < 0x7BFF; bits++) {
      float low = HalfFloat.toFloat((short) bits);
      float high = HalfFloat.toFloat((short) (bits + 1));
      float middle = (low + high) / 2;
      assertEquals(bits + (bits & 1), HalfFloat.of(middle));
      assertEquals(bits, HalfFloat.of(Math.nextDown(middle)));
      assertEquals(bits + 1, HalfFloat.of(Math.nextUp(middle)));
    }
  }

  @Test
  void of_tooLarge_isTheLargestHalf() {
    assertEquals(65_504f, HalfFloat.toFloat(HalfFloat.of(1e9f)));
    assertEquals(-65_504f, HalfFloat.toFloat(HalfFloat.of(-65_520f)));
    assertEquals(65_504f, HalfFloat.toFloat(HalfFloat.of(65_505f)));
  }

  @Test
  void toFloat_knownValues_areConverted() {
    assertEquals(1f, HalfFloat.toFloat((short) 0x3C00));
    assertEquals(-2f, HalfFloat.toFloat((short) 0xC000));
    assertEquals(0x1p-24f, HalfFloat.toFloat((short) 1));
    assertEquals(0.33325195f, HalfFloat.toFloat((short) 0x3555));
    assertTrue(!HalfFloat.isFinite((short) 0x7C00) && !HalfFloat.isFinite((short) 0xFE00));
  }
}
