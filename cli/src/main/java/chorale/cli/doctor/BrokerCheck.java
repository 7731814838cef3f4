package chorale.cli.doctor;

import chorale.cli.Buses;
import chorale.cli.CommandException;
import chorale.protocol.Fleet;
import chorale.protocol.Message;
import chorale.protocol.bus.BrokerAddress;
import chorale.protocol.bus.Bus;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.ConnectionSettings;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.Session;
import chorale.protocol.bus.Subscription;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A check that the broker is reachable: first TCP, then MQTT. Stateless. */
final class BrokerCheck {
  private static final int TCP_MILLIS = 3_000;
  private static final int INBOX_MESSAGES = 4 * Fleet.MAX_MEMBERS;
  private static final long INBOX_BYTES = 16L << 20;
  private static final long QUIET_NANOS = 500_000_000L;

  private BrokerCheck() {}

  /**
   * @param wanted subscriptions for the same connection, if any
   * @param heard receives the retained messages of these subscriptions
   */
  static Finding look(
      ConnectionSettings connection, List<Subscription> wanted, Consumer<Message> heard)
      throws InterruptedException {
    BrokerAddress broker = connection.broker();
    Optional<Finding> wrong = reach(broker);
    return wrong.isPresent() ? wrong.get() : connect(connection, wanted, heard);
  }

  private static Optional<Finding> reach(BrokerAddress broker) {
    InetSocketAddress address = new InetSocketAddress(broker.host(), broker.port());
    try (Socket socket = new Socket()) {
      if (address.isUnresolved()) {
        throw new UnknownHostException(broker.host());
      }
      socket.connect(address, TCP_MILLIS);
      return Optional.empty();
    } catch (UnknownHostException e) {
      return Optional.of(
          Finding.fail(
              "broker",
              broker + ": no such host; check the name, or set the address with" + " --broker"));
    } catch (IOException e) {
      boolean here = !address.isUnresolved() && address.getAddress().isLoopbackAddress();
      return Optional.of(
          Finding.fail(
              "broker",
              "%s: nothing answers (%s); %s"
                  .formatted(
                      broker,
                      e.getMessage(),
                      here
                          ? "start a broker ('chorale broker'), or set another one with --broker"
                          : "check that it runs, listens on that address, and is not firewalled")));
    }
  }

  private static Finding connect(
      ConnectionSettings connection, List<Subscription> wanted, Consumer<Message> heard)
      throws InterruptedException {
    Inbox inbox = new Inbox(INBOX_MESSAGES, INBOX_BYTES);
    Session session = Session.of("chorale-doctor-" + ProcessHandle.current().pid(), wanted);
    long started = System.nanoTime();
    Bus bus;
    try {
      bus = Buses.of(connection).open(session, inbox);
    } catch (CommandException e) {
      return Finding.fail("broker", e.getMessage());
    }
    try {
      Finding outcome = outcome(connection, inbox, heard, started);
      if (!wanted.isEmpty()) {
        hear(inbox, heard);
      }
      return outcome;
    } finally {
      bus.close();
    }
  }

  /** Passes on messages for a while; retained ones arrive soon after the subscription. */
  private static void hear(Inbox inbox, Consumer<Message> heard) throws InterruptedException {
    long started = System.nanoTime();
    for (long left = QUIET_NANOS; left > 0 && inbox.await(left); ) {
      if (inbox.poll().orElseThrow() instanceof BusEvent.Delivered delivered) {
        heard.accept(delivered.message());
      }
      left = QUIET_NANOS - (System.nanoTime() - started);
    }
  }

  private static Finding outcome(
      ConnectionSettings connection, Inbox inbox, Consumer<Message> heard, long started)
      throws InterruptedException {
    long patience = connection.timing().connectTimeout().plusSeconds(1).toNanos();
    long left = patience;
    while (left > 0 && inbox.await(left)) {
      BusEvent event = inbox.poll().orElseThrow();
      if (event instanceof BusEvent.Subscribed) {
        long millis = (System.nanoTime() - started) / 1_000_000;
        return Finding.ok(
            "broker", connection.broker() + " accepts this client (MQTT 5, " + millis + " ms)");
      } else if (event instanceof BusEvent.Ended ended) {
        return refused(connection, ended.reason());
      } else if (event instanceof BusEvent.Disconnected lost) {
        return refused(connection, lost.reason());
      } else if (event instanceof BusEvent.Delivered delivered) {
        heard.accept(delivered.message());
      }
      left = patience - (System.nanoTime() - started);
    }
    return refused(connection, "no answer to CONNECT");
  }

  private static Finding refused(ConnectionSettings connection, String reason) {
    return Finding.fail(
        "broker",
        connection.broker()
            + " is reachable, but MQTT fails: "
            + reason
            + (reason.startsWith("TLS: ")
                ? ""
                : "; check connection.user and the password, that this is an MQTT 5 broker, and"
                    + " whether it needs mqtt:// or mqtts://"));
  }
}
