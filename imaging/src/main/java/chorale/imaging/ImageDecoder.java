package chorale.imaging;

import chorale.protocol.Bytes;

/**
 * A decoder of JPEG and PNG images to upright pixels. The same bytes give the same pixels or the
 * same error on every JVM.
 *
 * <ul>
 *   <li>Limits are checked against the header before decoding: {@link DecodeLimits}.
 *   <li>Truncated or corrupt data is {@code DAMAGED}, if the format reveals it: {@link JpegScan},
 *       {@link PngDecoder}.
 *   <li>Colors: {@link JpegColor}, {@link PngColors}. Orientation: {@link ExifOrientation}. Large
 *       images are downsampled: {@link Canvas}.
 *   <li>Other formats are {@code UNSUPPORTED}; the error names them: {@link ImageFormat}.
 * </ul>
 *
 * <p>Thread-safe.
 */
public final class ImageDecoder {
  private final DecodeLimits limits;
  private final HuffmanCache huffmanTables = new HuffmanCache();
  private final JpegDecoder jpegs = new JpegDecoder();

  /**
   * @param maxPixels maximum of width x height; {@link DecodeLimits} derives the other limits from
   *     it
   */
  public ImageDecoder(int maxPixels) {
    this.limits = new DecodeLimits(maxPixels);
  }

  /**
   * @throws ImageRejectedException for every payload that cannot be decoded
   */
  public Pixels decode(Bytes image) throws ImageRejectedException {
    byte[] data = image.sharedArray();
    ImageFormat.Found found = ImageFormat.find(data);
    try {
      if (found.format() == ImageFormat.PNG) {
        return PngDecoder.decode(data, found.at(), limits);
      }
      JpegImage jpeg = JpegParser.parse(data, found.at(), limits, huffmanTables);
      return jpegs.decode(jpeg).upright(jpeg.orientation());
    } catch (OutOfMemoryError e) {
      // An allocation exceeds the heap. The frame is dropped and the worker continues.
      throw ImageRejectedException.tooLarge("too large for this worker's memory");
    }
  }
}
