package chorale.bench;

import chorale.evaluation.measurement.MeasurementException;
import chorale.mqtt.PahoBus;
import chorale.protocol.Bytes;
import chorale.protocol.Message;
import chorale.protocol.bus.Bus;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.BusEvent.Delivered;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.ConnectionSettings;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.Session;
import chorale.protocol.bus.Subscription;
import java.io.OutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One client of a {@link HopChain}: it hears what the one before it says, and says something of its
 * own. Every message begins with the nanoseconds that clients have worked on it so far. One owning
 * thread; it may be closed from another.
 */
final class HopClient implements AutoCloseable {
  private static final long PATIENCE_NANOS = 10_000_000_000L;

  private final Place place;
  private final Inbox inbox = new Inbox(1_000, 64L << 20);
  private final Bus bus;

  /** What a client does before it passes on. */
  interface Work {
    void run() throws MeasurementException;
  }

  /**
   * Where a client stands.
   *
   * @param hop of its own message, from 0
   * @param hops of the chain, which is a ring
   * @param hearsFrame whether it is told the first message as well, and does nothing about it
   */
  record Place(String chain, int hop, int hops, boolean hearsFrame) {
    String said() {
      return topic(hop);
    }

    String heard() {
      return topic((hop + hops - 1) % hops);
    }

    private String topic(int which) {
      return "chorale/bench-" + chain + "/" + which;
    }

    private List<Subscription> subscriptions() {
      List<Subscription> heard = new ArrayList<>(List.of(Subscription.live(heard())));
      if (hearsFrame) {
        heard.add(Subscription.live(topic(0)));
      }
      return heard;
    }
  }

  private HopClient(Place place, BusFactory buses) {
    this.place = place;
    String id = "chorale-bench-" + place.chain() + "-" + place.hop();
    bus = buses.open(new Session(id, place.subscriptions(), Optional.empty(), List.of()), inbox);
  }

  /** Connects it and waits until it hears. */
  static HopClient open(Place place, BusFactory buses)
      throws MeasurementException, InterruptedException {
    HopClient client = new HopClient(place, buses);
    try {
      Arrivals.awaitEvent(client.inbox, BusEvent.Subscribed.class);
      return client;
    } catch (MeasurementException e) {
      client.close();
      throw new MeasurementException("the bare hops got no connection to the broker", e);
    }
  }

  /** Says a message that begins with the nanoseconds worked on it. */
  void say(Bytes payload, long workedNanos) {
    byte[] bytes = payload.toArray();
    ByteBuffer.wrap(bytes).putLong(0, workedNanos);
    var unused = bus.publish(Message.of(place.said(), Bytes.wrap(bytes)));
  }

  static long workedNanos(Delivered heard) {
    return heard.message().payload().buffer().getLong();
  }

  /** The next message of the client before it; none if it takes too long. */
  Optional<Delivered> next() throws MeasurementException, InterruptedException {
    long start = System.nanoTime();
    while (System.nanoTime() - start < PATIENCE_NANOS) {
      Optional<BusEvent> next = inbox.poll();
      if (next.isEmpty()) {
        inbox.await(PATIENCE_NANOS);
      } else if (next.get() instanceof BusEvent.Ended ended) {
        throw new MeasurementException("the bare hops ended: " + ended.reason());
      } else if (next.get() instanceof Delivered heard
          && heard.message().topic().equals(place.heard())) {
        return Optional.of(heard);
      }
    }
    return Optional.empty();
  }

  /**
   * Passes on what it hears, as a message of its own, on the daemon thread that it gives, until
   * that is interrupted.
   */
  Thread passOnAside(Bytes payload, Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                passOn(payload, work);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } catch (MeasurementException e) {
                // The message does not arrive, which the first client tells.
              }
            },
            place.said());
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void passOn(Bytes payload, Work work) throws MeasurementException, InterruptedException {
    while (true) {
      Optional<Delivered> heard = next();
      if (heard.isPresent()) {
        long start = System.nanoTime();
        work.run();
        say(payload, workedNanos(heard.get()) + System.nanoTime() - start);
      }
    }
  }

  @Override
  public void close() {
    bus.close();
  }

  /**
   * What a process of its own is told.
   *
   * @param work the model set's folder and the network, or nothing
   */
  static List<String> arguments(Place place, URI broker, Bytes payload, List<String> work) {
    List<String> told =
        List.of(
            broker.toString(),
            place.chain(),
            place.hop() + "",
            place.hops() + "",
            place.hearsFrame() + "",
            payload.size() + "");
    return Stream.concat(told.stream(), work.stream()).toList();
  }

  /**
   * A client in a process of its own, told {@link #arguments}. It writes a byte when it hears, and
   * ends when its input does, whatever ended the process that started it.
   */
  public static void main(String[] arguments) throws Exception {
    Place place =
        new Place(
            arguments[1],
            Integer.parseInt(arguments[2]),
            Integer.parseInt(arguments[3]),
            Boolean.parseBoolean(arguments[4]));
    Bytes payload = Bytes.wrap(new byte[Integer.parseInt(arguments[5])]);
    BusFactory buses = PahoBus.factory(ConnectionSettings.of(URI.create(arguments[0])));
    Work work = arguments.length == 6 ? () -> {} : work(Path.of(arguments[6]), arguments[7]);
    try (HopClient client = open(place, buses)) {
      var unused = client.passOnAside(payload, work);
      System.out.write(1);
      System.out.flush();
      System.in.transferTo(OutputStream.nullOutputStream());
    }
    System.exit(0);
  }

  private static Work work(Path models, String network) throws BenchException {
    BareBoard board = BareBoard.open(Models.open(models), network, Pictures.load(), 1);
    return () -> board.sample(0);
  }
}
