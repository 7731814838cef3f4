package chorale.bench;

import chorale.evaluation.Evaluation;
import chorale.evaluation.EvaluationException;
import chorale.evaluation.Evaluator;
import chorale.evaluation.Inference;
import chorale.evaluation.LabelledImage;
import chorale.evaluation.measurement.Quantiles;
import chorale.protocol.Bytes;
import chorale.publisher.RightSize;
import java.util.ArrayList;
import java.util.List;

/**
 * Labelled images, made into frames as the publisher makes them and judged by every network. Used
 * by one thread; the inference belongs to the caller.
 */
final class FrameTrial {
  private final Inference inference;
  private final List<LabelledImage> images;

  /**
   * How frames are made.
   *
   * @param side of the largest input of the fleet
   * @param quality of the JPEG
   */
  record Setting(int side, int quality) {
    @Override
    public String toString() {
      return side + " px, quality " + quality;
    }
  }

  /**
   * Frames and their accuracy.
   *
   * @param kilobytes of a frame, on average
   * @param millis to make a frame, the median
   */
  record Measured(double kilobytes, double millis, Evaluation evaluation) {
    /** Of all variants together, in percent. */
    double together() {
      return 100 * evaluation.all().accuracy();
    }

    /** Of a variant by itself, in percent. */
    double alone(int variant) {
      return 100 * evaluation.variants().get(variant).accuracy();
    }
  }

  FrameTrial(Inference inference, List<LabelledImage> images) {
    this.inference = inference;
    this.images = List.copyOf(images);
  }

  /** The images as they are. */
  Measured unchanged() throws EvaluationException {
    return judged(0, images);
  }

  /** The images as right-sized frames. */
  Measured of(Setting setting) throws EvaluationException {
    RightSize rightSize = new RightSize(setting.quality());
    List<LabelledImage> frames = new ArrayList<>();
    List<Double> millis = new ArrayList<>();
    for (LabelledImage image : images) {
      long begun = System.nanoTime();
      Bytes frame = rightSize.fitted(image.content(), setting.side()).orElse(image.content());
      millis.add((System.nanoTime() - begun) / 1e6);
      frames.add(new LabelledImage(image.name(), image.label(), frame));
    }
    return judged(Quantiles.median(millis), frames);
  }

  private Measured judged(double millis, List<LabelledImage> frames) throws EvaluationException {
    double bytes = frames.stream().mapToInt(frame -> frame.content().size()).average().orElse(0);
    Evaluation evaluation =
        Evaluator.evaluate(inference.run(frames.iterator(), new Inference.Listener() {}));
    return new Measured(bytes / 1e3, millis, evaluation);
  }
}
