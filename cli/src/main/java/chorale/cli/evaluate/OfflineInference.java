package chorale.cli.evaluate;

import chorale.cli.Terminal;
import chorale.evaluation.EvaluationException;
import chorale.evaluation.Inference;
import chorale.evaluation.LabeledImage;
import chorale.evaluation.Outputs;
import chorale.variants.ModelSet;
import chorale.variants.ModelSetException;
import chorale.worker.Classifier;
import chorale.worker.WorkerStartException;
import java.util.Iterator;
import java.util.List;

/** Inference of all networks of a model set on labeled images, with a progress view. Stateless. */
final class OfflineInference {
  /** The default of worker.max-pixels. */
  static final int MAX_PIXELS = 25_165_824;

  /** One thread, because speeds are compared. */
  private static final Classifier.Settings ONE_THREAD = new Classifier.Settings(1, MAX_PIXELS);

  private OfflineInference() {}

  /**
   * Runs the networks on images of the set's classes.
   *
   * @param count the number of images
   */
  static Outputs run(ModelSet set, Iterator<LabeledImage> images, int count, Terminal terminal)
      throws EvaluationException, ModelSetException, WorkerStartException {
    return run(set, new Labeled(images, set.classes(), count), terminal);
  }

  /**
   * The images to run on.
   *
   * @param labelNames the possible labels
   * @param count the number of images
   */
  record Labeled(Iterator<LabeledImage> images, List<String> labelNames, int count) {}

  static Outputs run(ModelSet set, Labeled labeled, Terminal terminal)
      throws EvaluationException, ModelSetException, WorkerStartException {
    try (Inference inference = new Inference(set, ONE_THREAD, System::nanoTime);
        EvaluateView view =
            new EvaluateView(terminal, (long) labeled.count() * inference.networks())) {
      return inference.run(labeled.images(), labeled.labelNames(), view);
    }
  }
}
