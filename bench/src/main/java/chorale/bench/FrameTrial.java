package chorale.bench;

import chorale.evaluation.Evaluation;
import chorale.evaluation.EvaluationException;
import chorale.evaluation.Evaluator;
import chorale.evaluation.Inference;
import chorale.evaluation.LabelledImage;
import chorale.imaging.ImageDecoder;
import chorale.imaging.ImageRejectedException;
import chorale.imaging.JpegEncoder;
import chorale.imaging.Pixels;
import chorale.imaging.Resize;
import chorale.protocol.Bytes;
import chorale.publisher.RightSize;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Labelled images, made into frames as the publisher makes them and judged by every network. Used
 * by one thread; the inference belongs to whoever made it.
 */
final class FrameTrial {
  private final Inference inference;
  private final List<LabelledImage> images;

  /**
   * How frames are made.
   *
   * @param side of the largest input that is assumed; {@link #OWN} is no input but each image's own
   *     size, at which the publisher would leave it alone and which is written anew here
   * @param quality of the JPEG
   */
  record Setting(int side, int quality) {
    static final int OWN = Integer.MAX_VALUE;

    String size() {
      return side == OWN ? "own size" : side + " px";
    }

    @Override
    public String toString() {
      return size() + ", quality " + quality;
    }
  }

  /**
   * What came of it.
   *
   * @param kilobytes of a frame, on average
   * @param millis to make a frame, the median
   */
  record Measured(Setting setting, double kilobytes, double millis, Evaluation evaluation) {
    /** Of all variants together, in percent. */
    double together() {
      return 100 * evaluation.all().accuracy();
    }

    /** Of a variant by itself, in percent. */
    double alone(int variant) {
      return 100 * evaluation.variants().get(variant).accuracy();
    }
  }

  private static final class Quiet implements Inference.Listener {
    @Override
    public void answered() {}

    @Override
    public void skipped(String image, String reason) {}
  }

  FrameTrial(Inference inference, List<LabelledImage> images) {
    this.inference = inference;
    this.images = List.copyOf(images);
  }

  /** The images as they are. */
  Measured unchanged() throws EvaluationException {
    return judged(new Setting(Setting.OWN, 100), 0, images);
  }

  Measured of(Setting setting) throws EvaluationException {
    UnaryOperator<Bytes> maker = maker(setting);
    List<LabelledImage> frames = new ArrayList<>();
    List<Double> millis = new ArrayList<>();
    for (LabelledImage image : images) {
      long begun = System.nanoTime();
      Bytes frame = maker.apply(image.content());
      millis.add((System.nanoTime() - begun) / 1e6);
      frames.add(new LabelledImage(image.name(), image.label(), frame));
    }
    return judged(setting, Spread.of(millis).median(), frames);
  }

  private static UnaryOperator<Bytes> maker(Setting setting) {
    if (setting.side() == Setting.OWN) {
      JpegEncoder encoder = new JpegEncoder(setting.quality());
      return image -> writtenAnew(image, encoder);
    }
    RightSize rightSize = new RightSize(setting.quality());
    return image -> rightSize.fitted(image, setting.side()).orElse(image);
  }

  private static Bytes writtenAnew(Bytes image, JpegEncoder encoder) {
    try {
      Pixels pixels = new ImageDecoder(RightSize.MAX_PIXELS).decode(image);
      int width = pixels.width();
      int height = pixels.height();
      FloatBuffer planes = FloatBuffer.allocate(3 * width * height);
      new Resize(width, height).apply(pixels, planes);
      return encoder.encode(planes, width, height);
    } catch (ImageRejectedException e) {
      return image;
    }
  }

  private Measured judged(Setting setting, double millis, List<LabelledImage> frames)
      throws EvaluationException {
    double bytes = frames.stream().mapToInt(frame -> frame.content().size()).average().orElse(0);
    Evaluation evaluation = Evaluator.evaluate(inference.run(frames.iterator(), new Quiet()));
    return new Measured(setting, bytes / 1e3, millis, evaluation);
  }

  /** Of all images: a larger input narrows nothing. */
  int longestSide() {
    ImageDecoder decoder = new ImageDecoder(RightSize.MAX_PIXELS);
    int longest = 0;
    for (LabelledImage image : images) {
      try {
        Pixels pixels = decoder.decode(image.content());
        longest = Math.max(longest, Math.max(pixels.width(), pixels.height()));
      } catch (ImageRejectedException e) {
        // No network will answer it either, and it counts nowhere.
      }
    }
    return longest;
  }
}
