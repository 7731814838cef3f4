package chorale.imaging;

/**
 * The cost limits for decoding one image. They are checked against its header before decoding,
 * because a few bytes can claim millions of pixels.
 *
 * <ul>
 *   <li>Pixels: {@code maxPixels} in total, and {@value #MAX_SIDE} on a side, the maximum of JPEG.
 *   <li>Bytes: at most {@value #BYTES_A_PIXEL} x {@code maxPixels}. The cost of an image is the
 *       size of its samples (width x height x channels x bytes a sample), plus what must be in
 *       memory at once: 2 bytes for each coefficient of a progressive JPEG, or all pixels of an
 *       interlaced PNG or a CMYK JPEG. Other images are decoded row by row.
 *   <li>Scans of a JPEG: {@value #MAX_SCANS}, and scans x pixels at most {@value #WHOLE_SCANS} x
 *       {@code maxPixels}, because Java's decoder recomputes all pixels for each scan.
 * </ul>
 *
 * @param maxPixels maximum of width x height
 */
record DecodeLimits(int maxPixels) {
  static final int MAX_SIDE = 65_535;
  static final int BYTES_A_PIXEL = 4;

  /** Progressive files usually have about 10. */
  static final int MAX_SCANS = 64;

  private static final int WHOLE_SCANS = 8;

  DecodeLimits {
    if (maxPixels < 1) {
      throw new IllegalArgumentException("max pixels: " + maxPixels + " (allowed: at least 1)");
    }
  }

  /**
   * @throws ImageRejectedException {@code TOO_LARGE}, or {@code BAD_IMAGE} if a side is 0
   */
  void requireSize(long width, long height) throws ImageRejectedException {
    if (width < 1 || height < 1) {
      throw ImageRejectedException.bad("an image of " + width + " x " + height + " pixels");
    }
    String size = width + " x " + height + " pixels";
    if (Math.max(width, height) > MAX_SIDE) {
      throw ImageRejectedException.tooLarge(size + " (allowed: " + MAX_SIDE + " on a side)");
    }
    if (width * height > maxPixels) {
      throw ImageRejectedException.tooLarge(size + " (allowed: " + maxPixels + ", max-pixels)");
    }
  }

  /**
   * @param form format and size of the image, for the message
   * @param samples size of all samples in bytes
   * @param held bytes that decoding holds in memory at once
   * @throws ImageRejectedException {@code TOO_LARGE}
   */
  void requireCost(String form, long samples, long held) throws ImageRejectedException {
    long allowed = (long) BYTES_A_PIXEL * maxPixels;
    if (samples + held > allowed) {
      String cost = form + " takes " + (samples + held) + " bytes to decode";
      throw ImageRejectedException.tooLarge(cost + " (allowed: " + allowed + ", 4 x max-pixels)");
    }
  }

  /**
   * @throws ImageRejectedException {@code UNSUPPORTED} or {@code TOO_LARGE}
   */
  void requireScans(int scans, long pixels) throws ImageRejectedException {
    if (scans > MAX_SCANS) {
      throw ImageRejectedException.unsupported(
          "a JPEG of more than " + MAX_SCANS + " scans (allowed: " + MAX_SCANS + ")");
    }
    long allowed = (long) WHOLE_SCANS * maxPixels;
    if (scans * pixels > allowed) {
      String cost = "a JPEG of " + scans + " scans x " + pixels + " pixels";
      throw ImageRejectedException.tooLarge(cost + " (allowed: " + allowed + ", 8 x max-pixels)");
    }
  }
}
