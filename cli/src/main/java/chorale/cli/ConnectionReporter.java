package chorale.cli;

import chorale.config.Settings;
import chorale.protocol.bus.Bus;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.Session;
import java.io.PrintWriter;
import java.util.Optional;

/**
 * Tells the user of a service's connection: that it is ready, lost, there again. Stands between the
 * service and its bus factory; owned by the thread of the service.
 */
public final class ConnectionReporter implements BusFactory {
  private final BusFactory buses;
  private final String service;
  private final String broker;
  private final PrintWriter out;

  private Optional<Bus> bus = Optional.empty();
  private String about = "";
  private boolean wasConnected;
  private boolean wasReady;

  /**
   * @param service what lines begin with: {@code worker pi-V1}
   */
  private ConnectionReporter(BusFactory buses, String service, String broker, PrintWriter out) {
    this.buses = buses;
    this.service = service;
    this.broker = broker;
    this.out = out;
  }

  /** For a service of these settings. */
  public static ConnectionReporter of(Settings settings, String service, PrintWriter out)
      throws CommandException {
    String broker = settings.connection().broker().toString();
    return new ConnectionReporter(Buses.lasting(settings.connection()), service, broker, out);
  }

  @Override
  public Bus open(Session session, Inbox inbox) {
    Bus opened = buses.open(session, inbox);
    bus = Optional.of(opened);
    return opened;
  }

  /**
   * Says what is being connected, and keeps it for the line that says it is ready.
   *
   * @param description variant, model and the like
   */
  public void starting(String description) {
    about = description;
    line("starts: " + about + "; connecting to " + broker);
  }

  /** For any thread, once the service is there. */
  public boolean isConnected() {
    return bus.map(Bus::isConnected).orElse(false);
  }

  /** One line if the connection changed since the last look. */
  public void look() {
    boolean connected = isConnected();
    if (connected == wasConnected) {
      return;
    }
    wasConnected = connected;
    if (!connected) {
      line("lost its connection to " + broker + " and tries again");
    } else {
      line(
          (wasReady ? "is connected again to " : "is ready: " + about + "; connected to ")
              + broker);
      wasReady = true;
    }
  }

  private void line(String text) {
    out.println(service + " " + text);
    out.flush();
  }
}
