package chorale.publisher;

import chorale.imaging.ImageDecoder;
import chorale.imaging.ImageRejectedException;
import chorale.imaging.JpegEncoder;
import chorale.imaging.Pixels;
import chorale.imaging.Resize;
import chorale.protocol.Bytes;
import java.nio.FloatBuffer;
import java.util.Optional;

/**
 * Makes frames no larger than the fleet can use: the upright image stretched to the largest input,
 * as every worker would stretch it, and written as a JPEG without metadata. A worker whose input is
 * smaller narrows it further by the same filter. Buffers are reused; one owning thread.
 *
 * <p>Neither side is ever made longer. An image that is no larger than the input stays as it is:
 * encoding it again saves few bytes and costs accuracy. So does an image that would not become
 * smaller in bytes unless it has very many pixels, or that cannot be read: the workers reply with
 * the error.
 */
public final class RightSize {
  /** Images of more pixels are sent as they are; as many as a worker can be told to allow. */
  public static final int MAX_PIXELS = 1 << 28;

  /** Larger files are not read. */
  public static final int MAX_FILE_BYTES = 32 << 20;

  /** A reduced image of that many pixels is worth sending even where it has more bytes. */
  private static final int MANY_PIXELS = 1 << 20;

  private final ImageDecoder decoder = new ImageDecoder(MAX_PIXELS);
  private final JpegEncoder encoder;

  /** For the size that was wanted last, which is nearly always the one wanted next. */
  private Optional<Target> last = Optional.empty();

  private record Target(int width, int height, Resize resize, FloatBuffer planes) {
    static Target of(int width, int height) {
      return new Target(
          width, height, new Resize(width, height), FloatBuffer.allocate(3 * width * height));
    }

    boolean is(int otherWidth, int otherHeight) {
      return width == otherWidth && height == otherHeight;
    }
  }

  /**
   * @param quality of the JPEG, 1 to 100
   */
  public RightSize(int quality) {
    this.encoder = new JpegEncoder(quality);
  }

  /**
   * @param input side of the largest input that anybody needs
   * @return a smaller JPEG, or empty where the image should be sent as it is
   */
  public Optional<Bytes> fitted(Bytes image, int input) {
    Pixels pixels;
    try {
      pixels = decoder.decode(image);
    } catch (ImageRejectedException e) {
      return Optional.empty();
    }
    if (pixels.width() <= input && pixels.height() <= input) {
      return Optional.empty();
    }
    Target target = target(Math.min(pixels.width(), input), Math.min(pixels.height(), input));
    target.resize().apply(pixels, target.planes());
    return Optional.of(encoder.encode(target.planes(), target.width(), target.height()))
        .filter(
            frame -> frame.size() < image.size() || pixels.width() * pixels.height() > MANY_PIXELS);
  }

  private Target target(int width, int height) {
    if (last.isEmpty() || !last.get().is(width, height)) {
      last = Optional.of(Target.of(width, height));
    }
    return last.get();
  }
}
