package chorale.bench;

import chorale.evaluation.measurement.MeasurementException;
import chorale.evaluation.measurement.Rounds;
import chorale.imaging.ImageRejectedException;
import chorale.protocol.Bytes;
import chorale.variants.ModelSetException;
import chorale.worker.Classification;
import chorale.worker.Classifier;
import chorale.worker.WorkerStartException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * A baseline of a board without MQTT: the worker's classifier in this process, on one thread. For a
 * factor above 1 it runs each image twice, times the second run and waits, like a worker that
 * emulates such a board. Times are processor time of the thread, so that other load does not count.
 * Owned by one thread.
 */
final class BareBoard implements Rounds.Subject, AutoCloseable {
  /** Decode and resize, in ms. */
  static final String DECODE = "decode";

  static final String INFERENCE = "inference";

  /** The sum of both. */
  static final String WORK = "work";

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final String name;
  private final Classifier classifier;
  private final List<Bytes> images;
  private final int factor;

  private BareBoard(String name, Classifier classifier, List<Bytes> images, int factor) {
    this.name = name;
    this.classifier = classifier;
    this.images = images;
    this.factor = factor;
  }

  /** Opens a board for each network, the reference first. */
  static List<BareBoard> openAll(BenchModels models, List<Bytes> images, int factor)
      throws ModelSetException, WorkerStartException {
    List<BareBoard> boards = new ArrayList<>();
    for (String each : models.networks()) {
      boards.add(new BareBoard(name(each), classifier(models, each), images, factor));
    }
    return boards;
  }

  /** Adds the times of decoding and of inference alone. */
  static void addTo(FigureList figures, BenchModels models, Rounds rounds) {
    for (String network : models.networks()) {
      for (String measure : List.of(DECODE, INFERENCE)) {
        figures.known(
            network + ", " + measure + " alone", "ms", rounds.medians(name(network), measure));
      }
    }
  }

  /** Returns a board with the same classifier and other images. */
  BareBoard about(String network, List<Bytes> others) {
    return new BareBoard(name(network), classifier, others, factor);
  }

  static String name(String network) {
    return "bare " + network;
  }

  static Classifier classifier(BenchModels models, String network)
      throws ModelSetException, WorkerStartException {
    Classifier.Settings oneThread = new Classifier.Settings(1, 16_000_000);
    return Classifier.open(models.set(), network, oneThread, THREADS::getCurrentThreadCpuTime);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Map<String, Double> sample(int turn) throws MeasurementException {
    try {
      Bytes image = images.get(turn % images.size());
      long begun = System.nanoTime();
      Classification answer = classifier.classify(image);
      if (factor > 1) {
        answer = classifier.classify(image);
        LockSupport.parkNanos(factor * 1_000L * answer.totalMicros() - (System.nanoTime() - begun));
      }
      double decode = (answer.decodeMicros() + answer.preprocessMicros()) / 1e3;
      double inference = answer.inferenceMicros() / 1e3;
      return Map.of(DECODE, decode, INFERENCE, inference, WORK, decode + inference);
    } catch (ImageRejectedException e) {
      throw new MeasurementException(e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    classifier.close();
  }
}
