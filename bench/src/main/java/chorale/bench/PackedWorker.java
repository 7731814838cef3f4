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
 * A process of the unpacked worker, and a client that sends frames to it and receives its replies.
 * Owned by one thread.
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

  /** Starts the process, and returns once it is online. */
  void start(Path home, String variant)
      throws IOException, MeasurementException, InterruptedException {
    process = Optional.of(process(home, variant, SITE, broker));
    Message said = await();
    while (!said.payload().equals(StatusCodec.ONLINE)) {
      said = await();
    }
  }

  /**
   * Starts a worker with its own script, named like its variant, without waiting until it is ready.
   */
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

  /** Sends frames one by one, and returns the times to their replies, in ms. */
  List<Double> responses(int frames) throws MeasurementException, InterruptedException {
    List<Double> responses = new ArrayList<>();
    for (int i = 0; i < frames; i++) {
      long begun = System.nanoTime();
      client.publish(frame);
      Message reply = await();
      responses.add((System.nanoTime() - begun) / 1e6);
      if (!(topics.parse(reply.topic()) instanceof Address.Reply)) {
        throw new MeasurementException("the packed worker sent no reply");
      }
      Thread.sleep(EVERY_MILLIS);
    }
    return responses;
  }

  private Message await() throws MeasurementException, InterruptedException {
    return client
        .next(PATIENCE_NANOS)
        .orElseThrow(() -> new MeasurementException("the packed worker sent nothing within 30 s"))
        .message();
  }

  /** Returns the resident memory, in MB of a million bytes. */
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
