package chorale.cli.service;

import chorale.broker.EmbeddedBroker;
import chorale.cli.CommandException;
import chorale.cli.CommonOptions;
import chorale.cli.ExitCodes;
import chorale.cli.Stop;
import chorale.cli.Supervisor;
import chorale.config.BrokerSettings;
import chorale.config.Settings;
import chorale.monitoring.ServiceEndpoint.Source;
import chorale.monitoring.ServiceEndpoint.Subject;
import chorale.protocol.Health;
import chorale.site.TemporaryFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chorale broker}: runs the embedded MQTT broker until a stop is requested. */
@Command(
    name = "broker",
    description =
        "Run an MQTT 5 broker (HiveMQ Community Edition), without storage on disk, and on loopback"
            + " unless configured otherwise. Any other MQTT 5 broker works too.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Access from other machines needs users: 'chorale setup' creates a site with users and"
          + " TLS.",
      "Ctrl-C ends it. All settings: 'chorale config', section broker."
    })
public final class BrokerCommand implements Callable<Integer> {
  private static final int CONNECT_MILLIS = 5_000;

  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;
  @Mixin private ServiceOptions service;
  @Mixin private MetricsOption metrics;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "The port of MQTT over TCP; 0 takes a free one. Default: 1883.")
  private Optional<String> port = Optional.empty();

  @Option(
      names = "--web-socket-port",
      paramLabel = "N",
      description = "The port of MQTT over WebSocket (/mqtt); 0 takes a free one. Default: off.")
  private Optional<String> webSocketPort = Optional.empty();

  @Option(
      names = "--users-file",
      paramLabel = "FILE",
      description =
          "The users that may connect; 'chorale passwd' adds one. Default: no users, and anyone on"
              + " this machine may connect.")
  private Optional<Path> usersFile = Optional.empty();

  @Override
  public Integer call() throws Exception {
    Stop stop = service.stop();
    Settings settings =
        common.load(
            metrics
                .flags()
                .set("broker.port", port)
                .set("broker.web-socket-port", webSocketPort)
                .set("broker.users-file", usersFile));
    BrokerSettings own = settings.broker();
    PrintWriter out = spec.commandLine().getOut();
    try (TemporaryFolder scratch = TemporaryFolder.create("chorale-broker-");
        EmbeddedBroker broker = start(own, scratch.path());
        Monitoring served =
            Monitoring.open(settings.metrics(), new Subject("", "broker", ""), source(broker))) {
      String host = shown(own.bind());
      String tls = own.tls().isPresent() ? "s" : "";
      out.println("broker is ready: mqtt" + tls + "://" + host + ':' + broker.port() + about(own));
      broker
          .webSocketPort()
          .ifPresent(
              ws ->
                  out.println(
                      "MQTT clients in browsers connect to ws"
                          + tls
                          + "://"
                          + host
                          + ':'
                          + ws
                          + "/mqtt"));
      out.flush();
      served.tell(out);
      watchOver(broker, own, stop);
    }
    return ExitCodes.OK;
  }

  private static Source source(EmbeddedBroker broker) {
    return new Source() {
      @Override
      public Health health() {
        return broker.health();
      }

      @Override
      public boolean isReady() {
        return true; // the broker already listens
      }
    };
  }

  /** Waits for the stop; resets systemd's watchdog while the broker accepts connections. */
  private static void watchOver(EmbeddedBroker broker, BrokerSettings own, Stop stop)
      throws InterruptedException {
    Supervisor supervisor = Supervisor.ofEnvironment();
    supervisor.ready();
    while (!stop.await(supervisor.aliveEveryNanos())) {
      if (supervisor.isWatching() && accepts(own.bind(), broker.port())) {
        supervisor.alive();
      }
    }
    supervisor.stopping();
  }

  private static boolean accepts(String bind, int port) {
    String host = bind.equals("0.0.0.0") ? "127.0.0.1" : bind.equals("::") ? "::1" : bind;
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static EmbeddedBroker start(BrokerSettings own, Path scratch) throws CommandException {
    try {
      return EmbeddedBroker.start(own, scratch, System::nanoTime, Clock.systemUTC());
    } catch (IllegalArgumentException e) {
      throw CommandException.mistake(e.getMessage());
    } catch (IllegalStateException e) {
      throw CommandException.failure(e.getMessage());
    }
  }

  private static String shown(String bind) {
    return bind.indexOf(':') >= 0 ? '[' + bind + ']' : bind;
  }

  private static String about(BrokerSettings own) {
    return own.usersFile().map(file -> ", users of " + file).orElse(", open to this machine");
  }
}
