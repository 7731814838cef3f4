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
 * A batch inference of all networks of a model set on labeled images, with the worker's {@link
 * Classifier}. It owns the classifiers; close it after use. Not thread-safe.
 *
 * <p>Each network classifies a group of images before the next network starts. This keeps its
 * weights in the processor's caches, as on a board that runs a single variant.
 */
public final class Inference implements AutoCloseable {
  private static final int GROUP = 64;

  private final EvaluatedSet set;
  private final List<Classifier> classifiers = new ArrayList<>();

  /** A listener for the progress of a run. */
  public interface Listener {
    /** Called after one network has classified one image. */
    default void answered() {}

    /** Called for an image that workers would reject; no network answers it. */
    default void skipped(String image, String reason) {}
  }

  /**
   * Opens every network of the set.
   *
   * @throws EvaluationException if the set has too many variants
   * @throws ModelSetException if a file does not match its manifest
   * @throws WorkerStartException if ONNX Runtime does not run on this machine
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

  /** Returns the number of networks, which is the number of answers per image. */
  public int networks() {
    return classifiers.size();
  }

  /**
   * Runs every network once on every image. Each image shows a class of the set.
   *
   * @throws EvaluationException if a label is not a class of the set
   */
  public Outputs run(Iterator<LabeledImage> images, Listener listener) throws EvaluationException {
    return run(images, set.classes(), listener);
  }

  /**
   * Runs every network once on every image.
   *
   * @param labelNames the allowed labels
   * @throws EvaluationException if a label is not one of these
   */
  public Outputs run(Iterator<LabeledImage> images, List<String> labelNames, Listener listener)
      throws EvaluationException {
    Outputs outputs = new Outputs(set, labelNames);
    List<LabeledImage> group = new ArrayList<>();
    while (images.hasNext()) {
      group.add(images.next());
      if (group.size() == GROUP || !images.hasNext()) {
        classify(group, outputs, listener);
        group.clear();
      }
    }
    return outputs;
  }

  private void classify(List<LabeledImage> group, Outputs outputs, Listener listener)
      throws EvaluationException {
    List<Integer> labels = new ArrayList<>();
    List<LabeledImage> readable = new ArrayList<>();
    List<List<Classification>> answers = new ArrayList<>();
    for (LabeledImage image : group) {
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

  private static Classification again(Classifier classifier, LabeledImage image) {
    try {
      return classifier.classify(image.content());
    } catch (ImageRejectedException e) {
      throw new IllegalStateException(
          image.name() + " was decoded once, but a second decode failed", e);
    }
  }

  private int label(LabeledImage image, List<String> names) throws EvaluationException {
    int label = names.indexOf(image.label());
    if (label < 0) {
      throw new EvaluationException(
          "%s: '%s' is not a class of %s (allowed: %s)"
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
