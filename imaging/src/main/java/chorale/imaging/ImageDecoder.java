package chorale.imaging;

import chorale.protocol.Bytes;

/**
 * A decoder of JPEG and PNG images to upright pixels. The same bytes give the same pixels or the
 * same error on every Java.
 *
 * <ul>
 *   <li>Limits apply to the header, before anything is decoded: {@link DecodeLimits}.
 *   <li>Data that ends early or is broken is {@code DAMAGED}, as far as the format reveals it:
 *       {@link JpegScan}, {@link PngDecoder}.
 *   <li>Colors: {@link JpegColor}, {@link PngColors}. Orientation: {@link ExifOrientation}. Large
 *       images are downsampled: {@link Canvas}.
 *   <li>Other formats are {@code UNSUPPORTED} and named: {@link ImageFormat}.
 * </ul>
 *
 * <p>Safe for several threads.
 */
public final class ImageDecoder {
  private final DecodeLimits limits;
  private final HuffmanCache huffmanTables = new HuffmanCache();
  private final JpegDecoder jpegs = new JpegDecoder();

  /**
   * @param maxPixels width x height, at most; {@link DecodeLimits} derives the other limits from it
   */
  public ImageDecoder(int maxPixels) {
    this.limits = new DecodeLimits(maxPixels);
  }

  /**
   * @throws ImageRejectedException for every payload that is not decoded
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
      // One allocation too large for this heap; the frame is dropped and the worker goes on.
      throw ImageRejectedException.tooLarge("too large for this worker's memory");
    }
  }
}
