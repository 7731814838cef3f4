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
 * A reducer of frames to the size that the fleet can use. It stretches the upright image to the
 * largest input, as every worker would do, and encodes it as a JPEG without metadata. A worker with
 * a smaller input reduces it further with the same filter. Buffers are reused; used by one thread.
 *
 * <p>It never enlarges width or height. An image that already fits the input stays unchanged,
 * because encoding it again saves few bytes and costs accuracy. An unreadable image also stays
 * unchanged; the workers then reply with the error. An image of at most {@value #MANY_PIXELS}
 * pixels stays unchanged, too, if the result would not have fewer bytes.
 */
public final class RightSize {
  /**
   * Images with more pixels are sent unchanged; equal to the largest pixel limit that a worker can
   * have.
   */
  public static final int MAX_PIXELS = 1 << 28;

  /** Larger files are not read. */
  public static final int MAX_FILE_BYTES = 32 << 20;

  /** Images with more pixels are sent reduced even if the result has more bytes. */
  private static final int MANY_PIXELS = 1 << 20;

  private final ImageDecoder decoder = new ImageDecoder(MAX_PIXELS);
  private final JpegEncoder encoder;

  /** The size used last, which is nearly always the next one too. */
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
   * @param input side of the largest input of the online workers
   * @return a smaller JPEG; empty if the image should be sent unchanged
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
