package chorale.broker;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * Debian's mosquitto on a free loopback port, for tests. If it is not installed, the tests are
 * skipped with a message; with {@code CHORALE_REQUIRE_MOSQUITTO=true} they fail.
 */
public final class Mosquitto implements AutoCloseable {
  private static final String REQUIRE = "CHORALE_REQUIRE_MOSQUITTO";

  private final Process process;
  private final Path folder;
  private final int port;

  private Mosquitto(Process process, Path folder, int port) {
    this.process = process;
    this.folder = folder;
    this.port = port;
  }

  /** Starts one on a free port. */
  public static Mosquitto start() {
    return start(freePort());
  }

  public static Mosquitto start(int port) {
    try {
      Path folder = folder();
      Path config =
          Files.writeString(
              folder.resolve("mosquitto.conf"),
              """
              listener %d 127.0.0.1
              allow_anonymous true
              set_tcp_nodelay true
              persistence false
              log_type error
              """
                  .formatted(port));
      return start(port, config, folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts one with this configuration file, on this port. */
  public static Mosquitto start(int port, Path config) {
    try {
      return start(port, config, folder());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path folder() throws IOException {
    return Files.createTempDirectory("chorale-mosquitto-");
  }

  private static Mosquitto start(int port, Path config, Path folder) {
    Path program = require("mosquitto");
    try {
      Process process =
          new ProcessBuilder(program.toString(), "-c", config.toString())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("log").toFile())
              .start();
      Mosquitto mosquitto = new Mosquitto(process, folder, port);
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .pollInterval(Duration.ofMillis(20))
          .until(mosquitto::listens);
      return mosquitto;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns a program of the package, or skips the test. */
  public static Path require(String name) {
    Optional<Path> found = find(name);
    if (found.isEmpty()) {
      String message = name + " is not installed (Debian: apt-get install mosquitto)";
      boolean required =
          Boolean.parseBoolean(System.getenv(REQUIRE)) || Boolean.getBoolean(REQUIRE);
      if (required) {
        fail(message + ", and " + REQUIRE + " is set");
      }
      System.out.println("SKIPPED: " + message);
      assumeTrue(false, message);
    }
    return found.get();
  }

  private static Optional<Path> find(String name) {
    return Stream.concat(
            Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator)),
            Stream.of("/usr/sbin", "/usr/local/sbin"))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean listens() {
    if (!process.isAlive()) {
      fail("mosquitto ended with " + process.exitValue() + ", see " + folder);
    }
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  public int port() {
    return port;
  }

  /** Makes it reload its users and rights. */
  public void reload() throws IOException {
    new ProcessBuilder("kill", "-HUP", Long.toString(process.pid())).inheritIO().start();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(3, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
