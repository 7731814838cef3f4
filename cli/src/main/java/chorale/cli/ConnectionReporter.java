package chorale.cli;

import chorale.config.Settings;
import chorale.protocol.bus.Bus;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.Session;
import java.io.PrintWriter;
import java.util.Optional;

/**
 * A reporter of a service's connection: a line when it is ready, lost or restored. Wraps the
 * service's bus factory. Owned by the thread of the service.
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
   * @param service the beginning of each line, such as {@code worker pi-V1}
   */
  private ConnectionReporter(BusFactory buses, String service, String broker, PrintWriter out) {
    this.buses = buses;
    this.service = service;
    this.broker = broker;
    this.out = out;
  }

  /** Returns a reporter for a service with these settings. */
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
   * Reports the start of the service, and keeps the description for the line that reports it ready.
   *
   * @param description the variant, model and so on
   */
  public void starting(String description) {
    about = description;
    line("starts: " + about + "; connecting to " + broker);
  }

  /** Returns whether the service is connected. Thread-safe after {@link #open}. */
  public boolean isConnected() {
    return bus.map(Bus::isConnected).orElse(false);
  }

  /** Prints a line if the connection has changed since the last call. */
  public void look() {
    boolean connected = isConnected();
    if (connected == wasConnected) {
      return;
    }
    wasConnected = connected;
    if (!connected) {
      line("lost its connection to " + broker + "; reconnecting");
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
