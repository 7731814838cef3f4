package chorale.bench;

import chorale.evaluation.measurement.MeasurementException;
import chorale.protocol.Address;
import chorale.protocol.Bytes;
import chorale.protocol.Message;
import chorale.protocol.Role;
import chorale.protocol.StatusCodec;
import chorale.protocol.Topics;
import chorale.protocol.Topics.StatusKind;
import chorale.protocol.bus.Subscription;
import chorale.site.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A process of the unpacked worker, and a client that sends it frames and hears its replies. One
 * owning thread; close it.
 */
final class PackedWorker implements AutoCloseable {
  private static final String SITE = "bench-worker";
  private static final long EVERY_MILLIS = 10;
  private static final long PATIENCE_NANOS = 30_000_000_000L;

  private final Topics topics = new Topics(SITE);
  private final BenchClient client;
  private final Message frame;
  private Optional<ChildProcess> process = Optional.empty();

  private final BenchBroker broker;

  PackedWorker(BenchBroker broker, Bytes image) throws MeasurementException, InterruptedException {
    this.broker = broker;
    client =
        BenchClient.open(
            broker.buses(),
            "worker",
            Subscription.live(topics.replyFilter()),
            Subscription.live(topics.statusFilter(Role.WORKER, StatusKind.AVAILABILITY)));
    frame = Message.of(topics.image("bench"), image);
  }

  /** Starts the process, and returns once it says that it is online. */
  void start(Path home, String variant)
      throws IOException, MeasurementException, InterruptedException {
    process = Optional.of(process(home, variant, SITE, broker));
    Message said = await();
    while (!said.payload().equals(StatusCodec.ONLINE)) {
      said = await();
    }
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

  /** Milliseconds from frames to their replies, one after the other. */
  List<Double> responses(int frames) throws MeasurementException, InterruptedException {
    List<Double> responses = new ArrayList<>();
    for (int i = 0; i < frames; i++) {
      long begun = System.nanoTime();
      client.publish(frame);
      Message reply = await();
      responses.add((System.nanoTime() - begun) / 1e6);
      if (!(topics.parse(reply.topic()) instanceof Address.Reply)) {
        throw new MeasurementException("the packed worker did not answer");
      }
      Thread.sleep(EVERY_MILLIS);
    }
    return responses;
  }

  private Message await() throws MeasurementException, InterruptedException {
    return client
        .next(PATIENCE_NANOS)
        .orElseThrow(() -> new MeasurementException("the packed worker is silent"))
        .message();
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
