package chorale.broker;

import chorale.config.BrokerSettings;
import chorale.protocol.Ticker;
import com.hivemq.configuration.service.InternalConfigurations;
import com.hivemq.configuration.service.entity.Listener;
import com.hivemq.embedded.EmbeddedExtension;
import com.hivemq.embedded.EmbeddedHiveMQ;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.Thread.UncaughtExceptionHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The default broker: HiveMQ CE in this process. Whoever starts it closes it; starting and stopping
 * take seconds. One at a time in a JVM, because HiveMQ keeps settings in static fields.
 */
public final class EmbeddedBroker implements AutoCloseable {
  private static final Logger LOG = System.getLogger(EmbeddedBroker.class.getName());
  private static final int START_SECONDS = 60;
  private static final int STOP_SECONDS = 15;
  private static final int IN_FLIGHT = 500;

  private final EmbeddedHiveMQ hiveMq;
  private final int port;
  private final Optional<Integer> webSocketPort;

  private EmbeddedBroker(EmbeddedHiveMQ hiveMq, int port, Optional<Integer> webSocketPort) {
    this.hiveMq = hiveMq;
    this.port = port;
    this.webSocketPort = webSocketPort;
  }

  /**
   * Starts a broker and returns once it listens.
   *
   * @param scratch an empty folder for its own files; the caller deletes it once the broker is
   *     closed
   * @param ticker for the rate of cameras, and for reports that are not repeated
   * @param clock for the time of its counters
   * @throws IllegalArgumentException settings that are refused: names key, value and what is
   *     allowed
   * @throws IllegalStateException it cannot start here, such as a port in use: says what to do
   */
  public static EmbeddedBroker start(
      BrokerSettings settings, Path scratch, Ticker ticker, Clock clock) {
    InetAddress bind = bindAddress(settings);
    Door door = Door.of(settings, clock);
    if (door.certificates().isEmpty() && !bind.isLoopbackAddress()) {
      LOG.log(
          Level.WARNING,
          "broker.tls is not set: passwords and images travel in clear to whoever reaches {0}",
          bind.getHostAddress());
    }
    BrokerExtension extension = new BrokerExtension(settings.cameraRate(), door, ticker, clock);
    int port = claim("broker.port", bind, settings.port());
    Optional<Integer> webSocketPort =
        settings.webSocketPort().map(wanted -> claim("broker.web-socket-port", bind, wanted));

    UncaughtExceptionHandler handler = Thread.getDefaultUncaughtExceptionHandler();
    EmbeddedHiveMQ hiveMq = null;
    try {
      HiveMqConfig config = new HiveMqConfig(bind, port, webSocketPort, door.certificates());
      hiveMq = build(config, extension, scratch);
      extension.attach(hiveMq);
      // build() lets everybody in for whom no extension speaks, and takes its time when it stops.
      InternalConfigurations.AUTH_DENY_UNAUTHENTICATED_CONNECTIONS.set(true);
      InternalConfigurations.PERSISTENCE_SHUTDOWN_GRACE_PERIOD_MSEC.set(0);
      // As many as ClientQueues hands over at once: HiveMQ sends on when all are acknowledged.
      InternalConfigurations.MAX_INFLIGHT_WINDOW_SIZE_MESSAGES = IN_FLIGHT;
      InternalConfigurations.PUBLISH_POLL_BATCH_SIZE = IN_FLIGHT;
      // ClientQueues bounds what waits, at most once as well.
      InternalConfigurations.QOS_0_MEMORY_LIMIT_PER_CLIENT_BYTES.set(Integer.MAX_VALUE);
      InternalConfigurations.QOS_0_MEMORY_HARD_LIMIT_DIVISOR.set(1);
      Doorman.employ(
          new Doorman.Rules(
              port,
              webSocketPort,
              door.certificates().isPresent(),
              new Origins(settings.webSocketOrigins(), door.users().isPresent()),
              extension.log()));
      hiveMq.start().get(START_SECONDS, TimeUnit.SECONDS);
      requireListeners(hiveMq, config);
      requireDoorman();
      return new EmbeddedBroker(hiveMq, port, webSocketPort);
    } catch (IOException e) {
      giveUp(hiveMq);
      throw new IllegalStateException(
          "the broker's files cannot be written to " + scratch + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      giveUp(hiveMq);
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the broker started", e);
    } catch (TimeoutException e) {
      giveUp(hiveMq);
      throw new IllegalStateException(
          "the broker did not start within %d s: the machine is too busy, or has too little memory"
              .formatted(START_SECONDS),
          e);
    } catch (ExecutionException e) {
      giveUp(hiveMq);
      throw new IllegalStateException("the broker did not start: " + reason(e), e);
    } catch (RuntimeException e) {
      giveUp(hiveMq);
      throw e;
    } finally {
      // HiveMQ installs one for the whole JVM.
      Thread.setDefaultUncaughtExceptionHandler(handler);
    }
  }

  /** HiveMQ wraps what went wrong, sometimes in exceptions that say nothing. */
  private static String reason(ExecutionException failure) {
    Throwable deepest = failure;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return deepest.getMessage() == null ? deepest.getClass().getSimpleName() : deepest.getMessage();
  }

  private static EmbeddedHiveMQ build(HiveMqConfig config, BrokerExtension extension, Path scratch)
      throws IOException {
    Path folder = Files.createDirectory(scratch.resolve("conf"));
    config.write(folder);
    return EmbeddedHiveMQ.builder()
        .withConfigurationFolder(folder)
        .withDataFolder(Files.createDirectory(scratch.resolve("data")))
        .withExtensionsFolder(Files.createDirectory(scratch.resolve("extensions")))
        .withEmbeddedExtension(
            EmbeddedExtension.builder()
                .withId("chorale")
                .withName("Chorale")
                .withVersion("1")
                .withExtensionMain(extension)
                .build())
        .withoutLoggingBootstrap()
        .build();
  }

  private static InetAddress bindAddress(BrokerSettings settings) {
    InetAddress address;
    try {
      address = InetAddress.getByName(settings.bind());
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(
          "broker.bind: '" + settings.bind() + "' is no address of this machine", e);
    }
    if (settings.usersFile().isEmpty() && !address.isLoopbackAddress()) {
      throw new IllegalArgumentException(
          "broker.bind: '"
              + settings.bind()
              + "' would let anybody on the network in"
              + " (allowed without broker.users-file: 127.0.0.1; set it to listen wider)");
    }
    return address;
  }

  /** Checks that the port is free, and finds one for 0: HiveMQ does not tell what it got. */
  private static int claim(String key, InetAddress bind, int wanted) {
    try (ServerSocket socket = new ServerSocket()) {
      // A port whose last connections still linger is free all the same.
      socket.setReuseAddress(wanted != 0);
      socket.bind(new InetSocketAddress(bind, wanted));
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(
          "%s: cannot listen on %s:%d (%s); stop what uses it, or choose another port (0: any)"
              .formatted(key, bind.getHostAddress(), wanted, e.getMessage()),
          e);
    }
  }

  /**
   * Asserts that HiveMQ listens where it was told and nowhere else: where its config is missing or
   * unreadable, it listens on 0.0.0.0:1883 instead of failing.
   */
  private static void requireListeners(EmbeddedHiveMQ hiveMq, HiveMqConfig config) {
    List<InetSocketAddress> listening =
        HiveMqInternals.configuration(hiveMq).listenerConfiguration().getListeners().stream()
            .map(EmbeddedBroker::address)
            .toList();
    if (!listening.equals(config.listeners())) {
      throw new IllegalStateException(
          "the broker listens on " + listening + " instead of " + config.listeners());
    }
    for (InetSocketAddress each : listening) {
      try (java.net.Socket probe = new java.net.Socket()) {
        boolean any = each.getAddress().isAnyLocalAddress();
        probe.connect(
            any ? new InetSocketAddress(InetAddress.getLoopbackAddress(), each.getPort()) : each,
            1000);
      } catch (IOException e) {
        throw new IllegalStateException("the broker does not answer on " + each, e);
      }
    }
  }

  /** Without Netty's hook any web page could connect. */
  private static void requireDoorman() {
    if (!Doorman.isSeen()) {
      throw new IllegalStateException(
          "the broker cannot watch its connections, because Netty was used before it started;"
              + " set -Dio.netty.bootstrap.extensions=serviceload");
    }
  }

  private static InetSocketAddress address(Listener listener) {
    return new InetSocketAddress(listener.getBindAddress(), listener.getPort());
  }

  /** The port of MQTT over TCP. */
  public int port() {
    return port;
  }

  /** The port of MQTT over WebSocket, at {@code /mqtt}. */
  public Optional<Integer> webSocketPort() {
    return webSocketPort;
  }

  @Override
  public void close() {
    giveUp(hiveMq);
  }

  private static void giveUp(EmbeddedHiveMQ hiveMq) {
    if (hiveMq != null) {
      Doorman.dismiss();
      try {
        hiveMq.stop().get(STOP_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (ExecutionException | TimeoutException e) {
        LOG.log(Level.WARNING, "the broker did not stop cleanly: {0}", e.getMessage());
      }
    }
  }
}
