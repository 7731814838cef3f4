package chorale.bench;

import chorale.imaging.ImageRejectedException;
import chorale.measurement.MeasurementException;
import chorale.measurement.Rounds;
import chorale.protocol.Bytes;
import chorale.variants.ModelSet;
import chorale.variants.VariantManifest;
import chorale.worker.Classification;
import chorale.worker.Classifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What this machine could do if nothing had to be told to anybody: the five decode-and-inference
 * loops side by side, a thread each, over the same images. Owns its threads and classifiers.
 */
final class SideBySide implements Rounds.Subject, AutoCloseable {
  static final String NAME = "loops side by side";

  /** Images a second that all have answered. */
  static final String RATE = "rate";

  private final List<Classifier> classifiers = new ArrayList<>();
  private final ExecutorService threads;
  private final List<Bytes> images;
  private final int count;

  /**
   * @param count of images in one sample
   */
  SideBySide(ModelSet set, List<Bytes> images, int count) throws BenchException {
    this.images = images;
    this.count = count;
    for (VariantManifest each : set.variants()) {
      classifiers.add(BareBoard.classifier(set, each.id()));
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
    long start = System.nanoTime();
    List<CompletableFuture<Void>> loops =
        classifiers.stream()
            .map(each -> CompletableFuture.runAsync(() -> loop(each), threads))
            .toList();
    try {
      CompletableFuture.allOf(loops.toArray(CompletableFuture<?>[]::new)).get();
    } catch (ExecutionException e) {
      throw new MeasurementException(String.valueOf(e.getCause().getMessage()), e);
    }
    return Map.of(RATE, count * 1e9 / (System.nanoTime() - start));
  }

  private void loop(Classifier classifier) {
    try {
      for (int i = 0; i < count; i++) {
        Classification unused = classifier.classify(images.get(i % images.size()));
      }
    } catch (ImageRejectedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    classifiers.forEach(Classifier::close);
  }
}
