package chorale.bench;

import chorale.evaluation.measurement.MeasurementException;
import chorale.evaluation.measurement.Rounds;
import chorale.protocol.Bytes;
import chorale.variants.ModelSetException;
import chorale.worker.Classification;
import chorale.worker.Classifier;
import chorale.worker.WorkerStartException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A baseline of this machine's throughput without messages: decode-and-inference loops of all
 * variants in parallel, one thread each, over the same images. Owns its threads and classifiers.
 */
final class BareLoops implements Rounds.Subject, AutoCloseable {
  static final String NAME = "loops side by side";

  private final List<Classifier> classifiers = new ArrayList<>();
  private final ExecutorService threads;
  private final List<Bytes> images;
  private final int count;

  /**
   * @param count the number of images in a sample
   */
  BareLoops(BenchModels models, List<Bytes> images, int count)
      throws ModelSetException, WorkerStartException {
    this.images = images;
    this.count = count;
    for (String each : models.variants()) {
      classifiers.add(BareBoard.classifier(models, each));
    }
    this.threads = Executors.newFixedThreadPool(classifiers.size());
  }

  int count() {
    return count;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, Double> sample(int turn) throws MeasurementException, InterruptedException {
    List<Callable<Void>> loops = classifiers.stream().map(this::loop).toList();
    long start = System.nanoTime();
    try {
      for (Future<Void> each : threads.invokeAll(loops)) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw new MeasurementException(String.valueOf(e.getCause().getMessage()), e);
    }
    return Map.of(Throughput.RATE, count * 1e9 / (System.nanoTime() - start));
  }

  private Callable<Void> loop(Classifier classifier) {
    return () -> {
      for (int i = 0; i < count; i++) {
        Classification unused = classifier.classify(images.get(i % images.size()));
      }
      return null;
    };
  }

  @Override
  public void close() {
    threads.shutdownNow();
    classifiers.forEach(Classifier::close);
  }
}
