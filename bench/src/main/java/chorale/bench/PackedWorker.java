package chorale.bench;

import chorale.evaluation.measurement.MeasurementException;
import chorale.protocol.Bytes;
import chorale.protocol.Message;
import chorale.protocol.Topics;
import chorale.protocol.bus.BusEvent.Delivered;
import chorale.protocol.bus.Subscription;
import chorale.site.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A process of the unpacked worker, and a client that sends it frames and hears its replies. One
 * owning thread; close it.
 */
final class PackedWorker implements AutoCloseable {
  private static final String SITE = "bench-worker";
  private static final long EVERY_NANOS = 10_000_000L;
  private static final long PATIENCE_NANOS = 30_000_000_000L;

  private final BenchClient client;
  private final Message frame;
  private Optional<ChildProcess> process = Optional.empty();

  private final BenchBroker broker;

  PackedWorker(BenchBroker broker, Bytes image) throws MeasurementException, InterruptedException {
    this.broker = broker;
    Topics topics = new Topics(SITE);
    client = BenchClient.open(broker.buses(), "worker", Subscription.live(topics.replyFilter()));
    frame = Message.of(topics.image("bench"), image);
  }

  /** Seconds from the start of the process to its first reply. */
  double start(Path home, String variant)
      throws IOException, MeasurementException, InterruptedException {
    long start = System.nanoTime();
    process = Optional.of(process(home, variant, SITE, broker));
    return (answer(1) - start) / 1e9;
  }

  /** A worker, started by its own script and named like its variant; it is not ready yet. */
  static ChildProcess process(Path home, String variant, String site, BenchBroker broker)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(home.resolve("bin").resolve("chorale").toString(), "worker");
    List<String> command = builder.command();
    command.addAll(List.of("--variant", variant, "--site", site, "--name", variant));
    command.addAll(broker.arguments());
    builder.environment().putAll(broker.environment());
    builder.environment().remove("CLASSPATH");
    return ChildProcess.start("worker-" + variant, builder, broker.folder());
  }

  /** Publishes a frame every 10 ms until so many replies are there; the last one's time. */
  long answer(int replies) throws MeasurementException, InterruptedException {
    long begun = System.nanoTime();
    int heard = 0;
    for (long due = begun; due - begun < PATIENCE_NANOS; due += EVERY_NANOS) {
      client.publish(frame);
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        Optional<Delivered> reply = client.next(left);
        if (reply.isPresent() && ++heard >= replies) {
          return reply.get().arrivedNanos();
        }
      }
    }
    throw new MeasurementException("the packed worker did not answer");
  }

  /** A megabyte is a million bytes. */
  double residentMegabytes() throws IOException {
    Path status = Path.of("/proc", process.orElseThrow().pid() + "", "status");
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) * 1024 / 1e6)
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void close() {
    process.ifPresent(ChildProcess::kill);
    process.ifPresent(each -> each.end(10_000));
    client.close();
  }
}
