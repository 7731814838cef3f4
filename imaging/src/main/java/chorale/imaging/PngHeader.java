package chorale.imaging;

import java.nio.ByteBuffer;

/**
 * A PNG header (IHDR). Immutable. Source: PNG (third edition) section 11.2.1.
 *
 * @param depth bits of a sample or palette index: 1, 2, 4, 8 or 16
 * @param kind color type: 0 gray, 2 RGB, 3 palette, 4 gray with alpha, 6 RGB with alpha
 */
record PngHeader(int width, int height, int depth, int kind, boolean interlaced) {
  static final int GRAY = 0;
  static final int RGB = 2;
  static final int PALETTE = 3;
  static final int GRAY_ALPHA = 4;
  static final int RGB_ALPHA = 6;

  static final int BYTES = 13;

  /**
   * @param at start of the content, {@value #BYTES} bytes
   * @throws ImageRejectedException {@code BAD_IMAGE} or {@code TOO_LARGE}
   */
  static PngHeader parse(byte[] data, int at, DecodeLimits limits) throws ImageRejectedException {
    ByteBuffer content = ByteBuffer.wrap(data, at, BYTES);
    long width = content.getInt() & 0xFFFFFFFFL;
    long height = content.getInt() & 0xFFFFFFFFL;
    int depth = content.get();
    int kind = content.get();
    int compression = content.get();
    int filter = content.get();
    int interlace = content.get();
    boolean known = compression == 0 && filter == 0 && (interlace == 0 || interlace == 1);
    if (!isAllowed(depth, kind) || !known) {
      throw ImageRejectedException.bad("a PNG whose header is broken");
    }
    limits.requireSize(width, height);
    PngHeader header = new PngHeader((int) width, (int) height, depth, kind, interlace == 1);
    header.requireCost(limits);
    return header;
  }

  private static boolean isAllowed(int depth, int kind) {
    return switch (kind) {
      case GRAY -> depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
      case PALETTE -> depth == 1 || depth == 2 || depth == 4 || depth == 8;
      case RGB, GRAY_ALPHA, RGB_ALPHA -> depth == 8 || depth == 16;
      default -> false;
    };
  }

  private void requireCost(DecodeLimits limits) throws ImageRejectedException {
    String form = interlaced ? "an interlaced PNG of " : "a PNG of ";
    limits.requireCost(
        form + width + " x " + height + " x " + channels() + ", " + depth + " bits,",
        (long) height * bytes(width),
        heldBytes());
  }

  /** Returns the bytes that decoding holds in memory at once; 0 if it works row by row. */
  long heldBytes() {
    return interlaced ? (long) width * height * outputs() : 0;
  }

  /** Returns the number of stored samples of a pixel. */
  int channels() {
    return switch (kind) {
      case GRAY, PALETTE -> 1;
      case GRAY_ALPHA -> 2;
      case RGB -> 3;
      default -> 4;
    };
  }

  /** Returns the number of decoded samples of a pixel: 1 for gray, otherwise 3. */
  int outputs() {
    return kind == GRAY || kind == GRAY_ALPHA ? 1 : 3;
  }

  /** Returns the bytes of a row with this number of pixels, without its filter type. */
  int bytes(int pixels) {
    return (int) (((long) pixels * channels() * depth + 7) / 8);
  }
}
