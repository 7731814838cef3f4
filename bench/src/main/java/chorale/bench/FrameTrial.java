package chorale.bench;

import chorale.evaluation.Evaluation;
import chorale.evaluation.EvaluationException;
import chorale.evaluation.Evaluator;
import chorale.evaluation.Inference;
import chorale.evaluation.LabeledImage;
import chorale.evaluation.measurement.Quantiles;
import chorale.protocol.Bytes;
import chorale.publisher.RightSize;
import java.util.ArrayList;
import java.util.List;

/**
 * An evaluation of all networks on labeled images, as frames that the publisher would make of them.
 * Used by one thread; the caller owns the inference.
 */
final class FrameTrial {
  private final Inference inference;
  private final List<LabeledImage> images;

  /**
   * The settings of right-sizing.
   *
   * @param side the side of the largest input of the fleet, in pixels
   * @param quality the JPEG quality
   */
  record Setting(int side, int quality) {
    @Override
    public String toString() {
      return side + " px, quality " + quality;
    }
  }

  /**
   * The size and the accuracy of frames.
   *
   * @param kilobytes the mean size of a frame
   * @param millis the median time to make a frame
   */
  record Measured(double kilobytes, double millis, Evaluation evaluation) {
    /** Returns the accuracy of all variants together, in percent. */
    double together() {
      return 100 * evaluation.all().accuracy();
    }

    /** Returns the accuracy of a variant alone, in percent. */
    double alone(int variant) {
      return 100 * evaluation.variants().get(variant).accuracy();
    }
  }

  FrameTrial(Inference inference, List<LabeledImage> images) {
    this.inference = inference;
    this.images = List.copyOf(images);
  }

  /** Evaluates the images as they are. */
  Measured unchanged() throws EvaluationException {
    return judged(0, images);
  }

  /** Evaluates the images as right-sized frames. */
  Measured of(Setting setting) throws EvaluationException {
    RightSize rightSize = new RightSize(setting.quality());
    List<LabeledImage> frames = new ArrayList<>();
    List<Double> millis = new ArrayList<>();
    for (LabeledImage image : images) {
      long begun = System.nanoTime();
      Bytes frame = rightSize.fitted(image.content(), setting.side()).orElse(image.content());
      millis.add((System.nanoTime() - begun) / 1e6);
      frames.add(new LabeledImage(image.name(), image.label(), frame));
    }
    return judged(Quantiles.median(millis), frames);
  }

  private Measured judged(double millis, List<LabeledImage> frames) throws EvaluationException {
    double bytes = frames.stream().mapToInt(frame -> frame.content().size()).average().orElse(0);
    Evaluation evaluation =
        Evaluator.evaluate(inference.run(frames.iterator(), new Inference.Listener() {}));
    return new Measured(bytes / 1e3, millis, evaluation);
  }
}
