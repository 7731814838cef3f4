package chorale.bench;

import chorale.evaluation.measurement.MeasurementException;
import chorale.evaluation.measurement.Rounds;
import chorale.protocol.Bytes;
import chorale.variants.ModelSet;
import chorale.variants.VariantManifest;
import chorale.worker.Classification;
import chorale.worker.Classifier;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The loops of {@link SideBySide} in processes of their own, as workers are, still without a
 * message: what is lost against threads is lost by taking turns, not by telling. One owning thread;
 * close it.
 */
final class Apart implements Rounds.Subject, AutoCloseable {
  static final String NAME = "loops apart";

  /** Processor time of all of them, in milliseconds an image. */
  static final String TIME = "processor time";

  private final List<Loop> loops = new ArrayList<>();
  private final int count;

  private Apart(int count) {
    this.count = count;
  }

  /**
   * @param count of images in one sample
   */
  static Apart start(Path models, ModelSet set, int count) throws BenchException {
    Apart apart = new Apart(count);
    try {
      for (VariantManifest each : set.variants()) {
        apart.loops.add(Loop.start(models, each.id()));
      }
      return apart;
    } catch (IOException e) {
      apart.close();
      throw new BenchException("a loop's process did not start: " + e.getMessage(), e);
    }
  }

  void warmUp(int images) throws MeasurementException {
    run(images);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, Double> sample(int turn) throws MeasurementException {
    Duration before = processorTime();
    long start = System.nanoTime();
    run(count);
    double seconds = (System.nanoTime() - start) / 1e9;
    double busy = processorTime().minus(before).toNanos() / 1e6;
    return Map.of(SideBySide.RATE, count / seconds, TIME, busy / count);
  }

  private void run(int images) throws MeasurementException {
    try {
      for (Loop each : loops) {
        each.begin(images);
      }
      for (Loop each : loops) {
        each.awaitEnd();
      }
    } catch (IOException e) {
      throw new MeasurementException("a loop's process ended: " + e.getMessage(), e);
    }
  }

  private Duration processorTime() {
    return loops.stream().map(Loop::processorTime).reduce(Duration.ZERO, Duration::plus);
  }

  @Override
  public void close() {
    loops.forEach(Loop::close);
  }

  /** One of them: told a number of images, it says a number when it has classified so many. */
  private record Loop(Process process, DataOutputStream orders, DataInputStream answers) {
    static Loop start(Path models, String network) throws IOException {
      Process process = OwnProcess.start(Apart.class, List.of(models.toString(), network));
      return new Loop(
          process,
          new DataOutputStream(process.getOutputStream()),
          new DataInputStream(process.getInputStream()));
    }

    void begin(int images) throws IOException {
      orders.writeInt(images);
      orders.flush();
    }

    void awaitEnd() throws IOException {
      int unused = answers.readInt();
    }

    Duration processorTime() {
      return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    void close() {
      process.destroy();
    }
  }

  /** A loop's process: the model set's folder, the network. Ends when its orders do. */
  public static void main(String[] arguments) throws Exception {
    DataOutputStream answers = new DataOutputStream(System.out);
    System.setOut(System.err);
    ModelSet set = Models.open(Path.of(arguments[0]));
    List<Bytes> images = Pictures.load();
    DataInputStream orders = new DataInputStream(System.in);
    try (Classifier classifier = BareBoard.classifier(set, arguments[1])) {
      for (int count = next(orders); count > 0; count = next(orders)) {
        for (int i = 0; i < count; i++) {
          Classification unused = classifier.classify(images.get(i % images.size()));
        }
        answers.writeInt(count);
        answers.flush();
      }
    }
  }

  private static int next(DataInputStream orders) {
    try {
      return orders.readInt();
    } catch (IOException e) {
      return 0;
    }
  }
}
