package chorale.bench;

import chorale.evaluation.measurement.MeasurementException;
import chorale.evaluation.measurement.Rounds;
import chorale.imaging.ImageRejectedException;
import chorale.protocol.Bytes;
import chorale.variants.ModelSet;
import chorale.variants.VariantManifest;
import chorale.worker.Classification;
import chorale.worker.Classifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * What this machine could do if nothing had to be told to anybody: the five decode-and-inference
 * loops side by side, a thread each, over the same images. Owns its threads and classifiers.
 */
final class SideBySide implements AutoCloseable {
  static final String NAME = "loops side by side";

  /** The same with all of them at nearly the same image, as a fleet is. */
  static final String IN_STEP = "loops in step";

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

  /** Each loop as fast as it can. */
  Rounds.Subject free() {
    return new Loops(NAME, count);
  }

  /**
   * No loop is ahead of another by more.
   *
   * @param ahead images
   */
  Rounds.Subject inStep(int ahead) {
    return new Loops(IN_STEP, ahead);
  }

  private final class Loops implements Rounds.Subject {
    private final String name;
    private final int ahead;

    private Loops(String name, int ahead) {
      this.name = name;
      this.ahead = ahead;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Map<String, Double> sample(int turn) throws MeasurementException, InterruptedException {
      return Map.of(RATE, rate(ahead));
    }
  }

  private double rate(int ahead) throws MeasurementException, InterruptedException {
    List<CountDownLatch> done =
        Stream.generate(() -> new CountDownLatch(classifiers.size())).limit(count).toList();
    long start = System.nanoTime();
    List<CompletableFuture<Void>> loops =
        classifiers.stream()
            .map(each -> CompletableFuture.runAsync(() -> loop(each, done, ahead), threads))
            .toList();
    try {
      CompletableFuture.allOf(loops.toArray(CompletableFuture<?>[]::new)).get();
    } catch (ExecutionException e) {
      throw new MeasurementException(String.valueOf(e.getCause().getMessage()), e);
    }
    return count * 1e9 / (System.nanoTime() - start);
  }

  private void loop(Classifier classifier, List<CountDownLatch> done, int ahead) {
    try {
      for (int i = 0; i < count; i++) {
        if (i >= ahead) {
          done.get(i - ahead).await();
        }
        Classification unused = classifier.classify(images.get(i % images.size()));
        done.get(i).countDown();
      }
    } catch (ImageRejectedException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    classifiers.forEach(Classifier::close);
  }
}
