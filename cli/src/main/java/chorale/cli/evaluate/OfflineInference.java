package chorale.cli.evaluate;

import chorale.cli.Terminal;
import chorale.evaluation.EvaluationException;
import chorale.evaluation.Inference;
import chorale.evaluation.LabelledImage;
import chorale.evaluation.Outputs;
import chorale.variants.ModelSet;
import chorale.variants.ModelSetException;
import chorale.worker.Classifier;
import chorale.worker.WorkerStartException;
import java.util.Iterator;
import java.util.List;

/** All networks of a model set run on labelled images, with a view of the progress. Stateless. */
final class OfflineInference {
  /** One thread, as gains and speedups are compared; images as large as a worker takes. */
  private static final Classifier.Settings ONE_THREAD = new Classifier.Settings(1, 16_000_000);

  private OfflineInference() {}

  /**
   * Images of the set's classes.
   *
   * @param count images to come
   */
  static Outputs run(ModelSet set, Iterator<LabelledImage> images, int count, Terminal terminal)
      throws EvaluationException, ModelSetException, WorkerStartException {
    return run(set, new Labelled(images, set.classes(), count), terminal);
  }

  /**
   * Images to come.
   *
   * @param labelNames what they may show
   */
  record Labelled(Iterator<LabelledImage> images, List<String> labelNames, int count) {}

  static Outputs run(ModelSet set, Labelled labelled, Terminal terminal)
      throws EvaluationException, ModelSetException, WorkerStartException {
    try (Inference inference = new Inference(set, ONE_THREAD, System::nanoTime);
        EvaluateView view =
            new EvaluateView(terminal, (long) labelled.count() * inference.networks())) {
      return inference.run(labelled.images(), labelled.labelNames(), view);
    }
  }
}
