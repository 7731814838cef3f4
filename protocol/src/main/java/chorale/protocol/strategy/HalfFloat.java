package chorale.protocol.strategy;

/**
 * Conversion between float and IEEE 754 binary16, which Java has only from version 20 on. Rounds to
 * nearest, ties to even. Clamps larger values to the largest half, 65504, so that finite values
 * stay finite. Stateless.
 */
final class HalfFloat {
  static final short NAN = 0x7E00;

  private static final float MAX = 65_504f;

  /** 2^-14, the smallest normal half: smaller values have a fixed step size. */
  private static final float MIN_NORMAL = 0x1p-14f;

  private HalfFloat() {}

  /**
   * @param value not NaN
   */
  static short of(float value) {
    int sign = Float.floatToRawIntBits(value) >>> 16 & 0x8000;
    float size = Math.min(Math.abs(value), MAX);
    if (size < MIN_NORMAL) {
      return (short) (sign | (int) Math.rint(size * 0x1p24f));
    }
    int bits = Float.floatToRawIntBits(size);
    int even = bits >>> 13 & 1;
    int rounded = bits + 0xFFF + even; // a carry correctly increments the exponent
    return (short) (sign | Math.min((rounded >>> 13) - ((127 - 15) << 10), 0x7BFF));
  }

  static float toFloat(short half) {
    int exponent = half >>> 10 & 0x1F;
    int fraction = half & 0x3FF;
    float size =
        exponent == 0
            ? fraction * 0x1p-24f
            : Float.intBitsToFloat((exponent + 127 - 15) << 23 | fraction << 13);
    return half < 0 ? -size : size;
  }

  /** Returns whether the value is neither infinite nor NaN. */
  static boolean isFinite(short half) {
    return (half & 0x7C00) != 0x7C00;
  }
}
