package chorale.site;

import chorale.protocol.bus.BrokerAddress;
import chorale.protocol.bus.ConnectionSettings;
import chorale.protocol.bus.ConnectionSettings.Credentials;
import chorale.protocol.bus.ConnectionSettings.Tls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The MQTT broker of a site on this machine: the embedded broker or Mosquitto on loopback in a
 * child process, or a running broker. Used by one thread; close it after its sites.
 */
public final class LocalBroker implements AutoCloseable {
  public static final String EMBEDDED = "hivemq";
  public static final String MOSQUITTO = "mosquitto";

  /** The setting connection.broker. */
  private static final String VARIABLE = "CHORALE_CONNECTION_BROKER";

  /** The setting connection.tls.certificate-authority. */
  private static final String AUTHORITY_VARIABLE = "CHORALE_CONNECTION_TLS_CERTIFICATE_AUTHORITY";

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long POLL_MILLIS = 20;

  private final BrokerAddress address;
  private final Optional<Credentials> credentials;
  private final Optional<Tls> tls;

  /** Empty for a broker that was already running. */
  private final Optional<ChildProcess> process;

  private LocalBroker(ConnectionSettings connection, Optional<ChildProcess> process) {
    this.address = connection.broker();
    this.credentials = connection.credentials();
    this.tls = connection.tls();
    this.process = process;
  }

  /**
   * Starts a broker on a free port and returns when it listens.
   *
   * @param which {@link #EMBEDDED}, {@link #MOSQUITTO}, or the URI of a running broker
   * @param folder for the log and files of the process
   */
  public static LocalBroker start(String which, Path folder)
      throws IOException, SiteException, InterruptedException {
    if (which.contains("://")) {
      return running(ConnectionSettings.of(URI.create(which)));
    }
    return start(which, FreePort.find(), folder);
  }

  /**
   * Starts a broker on a given port and returns when it listens.
   *
   * @param which {@link #EMBEDDED} or {@link #MOSQUITTO}
   */
  public static LocalBroker start(String which, int port, Path folder)
      throws IOException, SiteException, InterruptedException {
    return listening(
        which.equals(MOSQUITTO) ? mosquitto(port, folder) : embedded(port, List.of(), folder));
  }

  /**
   * Starts the embedded broker with a configuration file and returns when it listens.
   *
   * @param connection settings to connect to it
   */
  public static LocalBroker start(ConnectionSettings connection, Path configuration, Path folder)
      throws IOException, SiteException, InterruptedException {
    List<String> arguments = List.of("broker", "--config", configuration.toString());
    return listening(
        new LocalBroker(
            connection,
            Optional.of(
                ChildProcess.start(
                    new ChildProcess.Plan("broker", 256, arguments, Map.of()), folder))));
  }

  private static LocalBroker listening(LocalBroker broker)
      throws SiteException, InterruptedException {
    try {
      broker.requireListening();
      return broker;
    } catch (SiteException | InterruptedException e) {
      broker.close();
      throw e;
    }
  }

  /**
   * Returns a running broker; closing it has no effect.
   *
   * @param connection its address, login and certificate authority are used
   */
  public static LocalBroker running(ConnectionSettings connection) {
    return new LocalBroker(connection, Optional.empty());
  }

  /**
   * Starts the embedded broker; it does not listen yet.
   *
   * @param more arguments of {@code chorale broker}
   */
  public static LocalBroker embedded(int port, List<String> more, Path folder) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("broker", "--port", String.valueOf(port)));
    arguments.addAll(more);
    return started(
        port,
        ChildProcess.start(new ChildProcess.Plan("broker", 256, arguments, Map.of()), folder));
  }

  /** Starts Mosquitto with TCP_NODELAY, like the embedded broker. */
  private static LocalBroker mosquitto(int port, Path folder) throws IOException, SiteException {
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
      ChildProcess process =
          ChildProcess.start(
              MOSQUITTO, new ProcessBuilder(program, "-c", configuration.toString()), folder);
      Runtime.getRuntime().addShutdownHook(new Thread(process::kill));
      return started(port, process);
    } catch (IOException e) {
      throw new SiteException("Mosquitto does not start: " + e.getMessage(), e);
    }
  }

  private static LocalBroker started(int port, ChildProcess process) {
    return new LocalBroker(
        ConnectionSettings.of(new BrokerAddress(false, "127.0.0.1", port)), Optional.of(process));
  }

  private void requireListening() throws SiteException, InterruptedException {
    long started = System.nanoTime();
    if (!listens(() -> System.nanoTime() - started > PATIENCE.toNanos())) {
      ChildProcess ours = process.orElseThrow();
      throw ours.failure(
          ours.isAlive()
              ? "was not ready within " + PATIENCE.toSeconds() + " s"
              : ours.ending() + " before it was ready");
    }
  }

  /**
   * Waits until a broker started here listens; earlier connections would fail.
   *
   * @param noLonger ends the wait; called several times per second
   * @return whether it listens; always true for a broker that was already running
   */
  boolean listens(BooleanSupplier noLonger) throws InterruptedException {
    while (process.isPresent() && process.get().isAlive() && !noLonger.getAsBoolean()) {
      try {
        new Socket(InetAddress.getLoopbackAddress(), address.port()).close();
        return true;
      } catch (IOException e) {
        Thread.sleep(POLL_MILLIS);
      }
    }
    return process.isEmpty();
  }

  /** Returns the address, without a login. */
  public URI uri() {
    return address.uri();
  }

  /** Returns the connection settings for clients in this process. */
  public ConnectionSettings connection() {
    ConnectionSettings base = ConnectionSettings.of(address);
    return new ConnectionSettings(
        address, credentials, tls, base.timing(), base.inFlight(), base.outbox());
  }

  /** Returns the arguments for child processes; empty if there is a login. */
  public List<String> arguments() {
    return credentials.isPresent() ? List.of() : List.of("--broker", address.toString());
  }

  /**
   * Returns the environment for child processes. It holds the login, because command lines are
   * visible to every user.
   */
  public Map<String, String> environment() {
    Map<String, String> variables = new HashMap<>();
    credentials.ifPresent(
        login -> variables.put(VARIABLE, address.withLogin(login.user(), login.password())));
    tls.flatMap(Tls::certificateAuthority)
        .ifPresent(file -> variables.put(AUTHORITY_VARIABLE, file.toString()));
    return variables;
  }

  /** Returns the process of a broker started here. */
  public Optional<ChildProcess> process() {
    return process;
  }

  /** Returns its processor time so far; zero for a broker that was already running. */
  public Duration processorTime() {
    return process.map(ChildProcess::processorTime).orElse(Duration.ZERO);
  }

  /** Kills the process at once, because its state is not needed. */
  @Override
  public void close() {
    process.ifPresent(each -> each.end(0));
  }
}
