package chorale.site;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The broker of a measurement: the embedded one or Mosquitto, started on loopback as a process of
 * its own, or one that runs already. Used by one thread; close it.
 */
public final class Broker implements AutoCloseable {
  public static final String EMBEDDED = "hivemq";
  public static final String MOSQUITTO = "mosquitto";

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final URI uri;
  private final Supplier<Duration> processorTime;
  private final Runnable end;

  private Broker(URI uri, Supplier<Duration> processorTime, Runnable end) {
    this.uri = uri;
    this.processorTime = processorTime;
    this.end = end;
  }

  /**
   * @param which {@link #EMBEDDED}, {@link #MOSQUITTO}, or the URI of one that runs
   * @param folder gets its log
   */
  public static Broker start(String which, Path folder)
      throws IOException, MeasurementException, InterruptedException {
    if (which.contains("://")) {
      return new Broker(URI.create(which), () -> Duration.ZERO, () -> {});
    }
    int port = freePort();
    Broker broker = which.equals(MOSQUITTO) ? mosquitto(port, folder) : embedded(port, folder);
    try {
      broker.awaitPort();
      return broker;
    } catch (MeasurementException | InterruptedException e) {
      broker.close();
      throw e;
    }
  }

  private static Broker embedded(int port, Path folder) throws IOException {
    List<String> arguments =
        List.of("broker", "--port", String.valueOf(port), "--web-socket-port", "0");
    Child child = Child.start(new Child.Plan("broker", 384, arguments, Map.of()), folder);
    return new Broker(uri(port), child::processorTime, () -> child.end(0));
  }

  /** Its packets leave at once, as those of the embedded broker do. */
  private static Broker mosquitto(int port, Path folder) throws IOException, MeasurementException {
    Path configuration =
        Files.writeString(
            folder.resolve("mosquitto.conf"),
            String.join(
                "\n",
                "listener " + port + " 127.0.0.1",
                "allow_anonymous true",
                "set_tcp_nodelay true",
                ""));
    String program =
        Files.isExecutable(Path.of("/usr/sbin/mosquitto")) ? "/usr/sbin/mosquitto" : MOSQUITTO;
    try {
      Process process =
          new ProcessBuilder(program, "-c", configuration.toString())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("mosquitto.log").toFile())
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      return new Broker(
          uri(port),
          () -> process.info().totalCpuDuration().orElse(Duration.ZERO),
          process::destroy);
    } catch (IOException e) {
      throw new MeasurementException("Mosquitto does not start: " + e.getMessage(), e);
    }
  }

  private static URI uri(int port) {
    return URI.create("mqtt://127.0.0.1:" + port);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitPort() throws MeasurementException, InterruptedException {
    long started = System.nanoTime();
    while (System.nanoTime() - started < PATIENCE.toNanos()) {
      try {
        new Socket(InetAddress.getLoopbackAddress(), uri.getPort()).close();
        return;
      } catch (IOException e) {
        Thread.sleep(100);
      }
    }
    throw new MeasurementException("the broker was not ready within " + PATIENCE);
  }

  public URI uri() {
    return uri;
  }

  /** Processor time that it has used so far; zero where it is not ours to see. */
  public Duration processorTime() {
    return processorTime.get();
  }

  @Override
  public void close() {
    end.run();
  }
}
