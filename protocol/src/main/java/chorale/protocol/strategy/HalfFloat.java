package chorale.protocol.strategy;

/**
 * IEEE 754 binary16 to and from float, which Java has only from version 20 on. Rounds to nearest,
 * ties to even; what is too large becomes the largest half, 65504, so that finite stays finite.
 * Stateless.
 */
final class HalfFloat {
  static final short NAN = 0x7E00;

  private static final float MAX = 65_504f;

  /** 2 to the power of -14: below it a half has a fixed step, not a fixed number of digits. */
  private static final float MIN_NORMAL = 0x1p-14f;

  private HalfFloat() {}

  /**
   * @param value a number
   */
  static short of(float value) {
    int sign = Float.floatToRawIntBits(value) >>> 16 & 0x8000;
    float size = Math.min(Math.abs(value), MAX);
    if (size < MIN_NORMAL) {
      return (short) (sign | (int) Math.rint(size * 0x1p24f));
    }
    int bits = Float.floatToRawIntBits(size);
    int even = bits >>> 13 & 1;
    int rounded = bits + 0xFFF + even; // a carry moves into the exponent, as it should
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

  /** Infinities and what is no number have all bits of the exponent set. */
  static boolean isFinite(short half) {
    return (half & 0x7C00) != 0x7C00;
  }
}
