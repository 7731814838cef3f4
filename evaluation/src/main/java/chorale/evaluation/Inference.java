package chorale.evaluation;

import chorale.imaging.ImageRejectedException;
import chorale.protocol.Ticker;
import chorale.variants.ModelSet;
import chorale.variants.ModelSetException;
import chorale.worker.Classification;
import chorale.worker.Classifier;
import chorale.worker.WorkerStartException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Inference of all networks of a model set on labelled images. Owns the {@link Classifier}s, which
 * are the worker's own; one owning thread, on which everything runs.
 *
 * <p>Each network takes its turn over a group of images. It then has the processor's caches to
 * itself, as on a board of its own, and its times are those of such a board.
 */
public final class Inference implements AutoCloseable {
  private static final int GROUP = 64;

  private final EvaluatedSet set;
  private final List<Classifier> classifiers = new ArrayList<>();

  /** The progress of a run. */
  public interface Listener {
    /** One network has answered one image. */
    default void answered() {}

    /** An image that no worker would answer; none of its networks will follow. */
    default void skipped(String image, String reason) {}
  }

  /**
   * Opens every network of the set.
   *
   * @throws EvaluationException the set has too many variants
   * @throws ModelSetException a file is not what its manifest says
   * @throws WorkerStartException ONNX Runtime does not run on this machine
   */
  public Inference(ModelSet set, Classifier.Settings settings, Ticker ticker)
      throws EvaluationException, ModelSetException, WorkerStartException {
    this.set = EvaluatedSet.of(set);
    try {
      for (Network network : this.set.networks()) {
        classifiers.add(Classifier.open(set, network.id(), settings, ticker));
      }
    } catch (ModelSetException | WorkerStartException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** The number of networks, and so of answers per image. */
  public int networks() {
    return classifiers.size();
  }

  /**
   * Runs every network once on every image. Each image shows a class of the set.
   *
   * @throws EvaluationException a label is no class of the set
   */
  public Outputs run(Iterator<LabelledImage> images, Listener listener) throws EvaluationException {
    return run(images, set.classes(), listener);
  }

  /**
   * Runs every network once on every image.
   *
   * @param labelNames what the images may show
   * @throws EvaluationException a label is none of these
   */
  public Outputs run(Iterator<LabelledImage> images, List<String> labelNames, Listener listener)
      throws EvaluationException {
    Outputs outputs = new Outputs(set, labelNames);
    List<LabelledImage> group = new ArrayList<>();
    while (images.hasNext()) {
      group.add(images.next());
      if (group.size() == GROUP || !images.hasNext()) {
        classify(group, outputs, listener);
        group.clear();
      }
    }
    return outputs;
  }

  private void classify(List<LabelledImage> group, Outputs outputs, Listener listener)
      throws EvaluationException {
    List<Integer> labels = new ArrayList<>();
    List<LabelledImage> readable = new ArrayList<>();
    List<List<Classification>> answers = new ArrayList<>();
    for (LabelledImage image : group) {
      int label = label(image, outputs.labelNames());
      try {
        Classification answer = classifiers.get(0).classify(image.content());
        labels.add(label);
        readable.add(image);
        answers.add(new ArrayList<>(List.of(answer)));
        listener.answered();
      } catch (ImageRejectedException e) {
        outputs.skip();
        listener.skipped(image.name(), e.getMessage());
      }
    }
    for (Classifier classifier : classifiers.subList(1, classifiers.size())) {
      for (int i = 0; i < readable.size(); i++) {
        answers.get(i).add(again(classifier, readable.get(i)));
        listener.answered();
      }
    }
    for (int i = 0; i < readable.size(); i++) {
      outputs.add(labels.get(i), answers.get(i));
    }
  }

  private static Classification again(Classifier classifier, LabelledImage image) {
    try {
      return classifier.classify(image.content());
    } catch (ImageRejectedException e) {
      throw new IllegalStateException(image.name() + " was read once and is refused now", e);
    }
  }

  private int label(LabelledImage image, List<String> names) throws EvaluationException {
    int label = names.indexOf(image.label());
    if (label < 0) {
      throw new EvaluationException(
          "%s: '%s' is no class of %s (its classes: %s)"
              .formatted(
                  image.name(),
                  image.label(),
                  set.name(),
                  names.stream().limit(20).collect(Collectors.joining(", "))));
    }
    return label;
  }

  @Override
  public void close() {
    classifiers.forEach(Classifier::close);
    classifiers.clear();
  }
}
