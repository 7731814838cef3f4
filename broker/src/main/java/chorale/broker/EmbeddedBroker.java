package chorale.broker;

import chorale.config.BrokerSettings;
import chorale.protocol.FileFailure;
import chorale.protocol.Health;
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
 * The default broker: HiveMQ CE in this process. The caller that starts the broker must also close
 * it; starting and closing each take several seconds. At most one per JVM, because HiveMQ keeps
 * settings in static fields.
 */
public final class EmbeddedBroker implements AutoCloseable {
  private static final Logger LOG = System.getLogger(EmbeddedBroker.class.getName());
  private static final int START_SECONDS = 60;
  private static final int STOP_SECONDS = 15;
  private static final int IN_FLIGHT = 500;

  private final EmbeddedHiveMQ hiveMq;
  private final BrokerExtension extension;
  private final int port;
  private final Optional<Integer> webSocketPort;

  private EmbeddedBroker(
      EmbeddedHiveMQ hiveMq, BrokerExtension extension, int port, Optional<Integer> webSocketPort) {
    this.hiveMq = hiveMq;
    this.extension = extension;
    this.port = port;
    this.webSocketPort = webSocketPort;
  }

  /**
   * Starts a broker and returns once it listens.
   *
   * @param scratch an empty folder for its own files; the caller deletes it after closing the
   *     broker
   * @param ticker for camera rates, and for suppressing repeated reports
   * @param clock for the time stamps of its counters
   * @throws IllegalArgumentException a setting is refused; the message names key, value and what is
   *     allowed
   * @throws IllegalStateException it cannot start here, for example because a port is in use; the
   *     message says what to do
   */
  public static EmbeddedBroker start(
      BrokerSettings settings, Path scratch, Ticker ticker, Clock clock) {
    InetAddress bind = bindAddress(settings);
    Door door = Door.of(settings, clock);
    if (door.certificates().isEmpty() && !bind.isLoopbackAddress()) {
      LOG.log(
          Level.WARNING,
          "broker.tls is not set: passwords and images are not encrypted on {0}",
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
      // build() admits clients that no extension has checked, and delays the shutdown. Both are
      // switched off here.
      InternalConfigurations.AUTH_DENY_UNAUTHENTICATED_CONNECTIONS.set(true);
      InternalConfigurations.PERSISTENCE_SHUTDOWN_GRACE_PERIOD_MSEC.set(0);
      // Both are equal, because HiveMQ reads the next batch only after the client has acknowledged
      // the whole previous one.
      InternalConfigurations.MAX_INFLIGHT_WINDOW_SIZE_MESSAGES = IN_FLIGHT;
      InternalConfigurations.PUBLISH_POLL_BATCH_SIZE = IN_FLIGHT;
      // ClientQueues limits the waiting messages, including QoS 0.
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
      return new EmbeddedBroker(hiveMq, extension, port, webSocketPort);
    } catch (IOException e) {
      giveUp(hiveMq);
      throw new IllegalStateException(
          "cannot write the broker's files: " + FileFailure.described(e, scratch), e);
    } catch (InterruptedException e) {
      giveUp(hiveMq);
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the broker started", e);
    } catch (TimeoutException e) {
      giveUp(hiveMq);
      throw new IllegalStateException(
          ("the broker did not start within %d s: the machine is too busy, or has too little memory;"
                  + " end other programs, or raise the heap (-Xmx in CHORALE_JAVA_OPTS)")
              .formatted(START_SECONDS),
          e);
    } catch (ExecutionException e) {
      giveUp(hiveMq);
      throw new IllegalStateException("the broker did not start: " + reason(e), e);
    } catch (RuntimeException e) {
      giveUp(hiveMq);
      throw e;
    } finally {
      // HiveMQ replaces the handler of the whole JVM.
      Thread.setDefaultUncaughtExceptionHandler(handler);
    }
  }

  /** Returns the innermost message, since HiveMQ wraps it in others. */
  private static String reason(ExecutionException failure) {
    Throwable deepest = failure;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return deepest.getMessage() == null ? "HiveMQ gave no reason" : deepest.getMessage();
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
          "broker.bind: '"
              + settings.bind()
              + "' is not known; allowed: an address or host name of this machine, such as 127.0.0.1",
          e);
    }
    if (settings.usersFile().isEmpty() && !address.isLoopbackAddress()) {
      throw new IllegalArgumentException(
          "broker.bind: '"
              + settings.bind()
              + "' would admit every client on the network without a login;"
              + " set broker.users-file, or use 127.0.0.1");
    }
    return address;
  }

  /**
   * Checks that the port is free, and chooses one for 0, since HiveMQ does not report its choice.
   */
  private static int claim(String key, InetAddress bind, int wanted) {
    try (ServerSocket socket = new ServerSocket()) {
      // Ports with connections in TIME_WAIT count as free.
      socket.setReuseAddress(wanted != 0);
      socket.bind(new InetSocketAddress(bind, wanted));
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(
          "%s: cannot listen on %s:%d (%s); end the program that uses it, or choose another port (0: any)"
              .formatted(key, bind.getHostAddress(), wanted, e.getMessage()),
          e);
    }
  }

  /**
   * Asserts that HiveMQ listens only on the configured addresses: if its configuration file is
   * missing or unreadable, it listens on 0.0.0.0:1883 instead of failing.
   */
  private static void requireListeners(EmbeddedHiveMQ hiveMq, HiveMqConfig config) {
    List<InetSocketAddress> listening =
        HiveMqInternals.configuration(hiveMq).listenerConfiguration().getListeners().stream()
            .map(EmbeddedBroker::address)
            .toList();
    if (!listening.equals(config.listeners())) {
      throw new IllegalStateException(
          "the broker listens on "
              + listening
              + " instead of "
              + config.listeners()
              + ", because HiveMQ did not read its configuration file;"
              + " check the temporary folder, and start again");
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

  /** Asserts that Netty's hook is active; without it, any web page could connect. */
  private static void requireDoorman() {
    if (!Doorman.isSeen()) {
      throw new IllegalStateException(
          "the broker cannot check its connections, because Netty was used before it started;"
              + " set CHORALE_JAVA_OPTS=-Dio.netty.bootstrap.extensions=serviceload");
    }
  }

  private static InetSocketAddress address(Listener listener) {
    return new InetSocketAddress(listener.getBindAddress(), listener.getPort());
  }

  /** Returns the port of MQTT over TCP. */
  public int port() {
    return port;
  }

  /** Returns the port of MQTT over WebSocket, at {@code /mqtt}. */
  public Optional<Integer> webSocketPort() {
    return webSocketPort;
  }

  /** Returns the counters of undelivered messages and the resource usage; thread-safe. */
  public Health health() {
    return extension.health();
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
      } catch (ExecutionException e) {
        LOG.log(Level.WARNING, "the broker did not stop cleanly: {0}", reason(e));
      } catch (TimeoutException e) {
        LOG.log(Level.WARNING, "the broker did not stop within {0} s", STOP_SECONDS);
      }
    }
  }
}
