package chorale.bench;

import chorale.measurement.MeasurementException;
import chorale.measurement.Rounds;
import chorale.protocol.Bytes;
import chorale.protocol.bus.Bus;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.Message;
import chorale.protocol.bus.Session;
import chorale.protocol.bus.Subscription;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * The bare hops of one answer: clients that pass messages on, one after the other, of the sizes
 * that frame, reply and result have, through the broker and the adapter that everything uses, and
 * do nothing else; but the second may be told to be busy for a while before it passes on, as a
 * worker is with an image. One owning thread; each client but the first has one of its own.
 */
final class HopChain implements Rounds.Subject, AutoCloseable {
  /** From the first message handed over to the last one read, less the work, in milliseconds. */
  static final String TIME = "time";

  private static final long PATIENCE_NANOS = 10_000_000_000L;

  private final String name;
  private final List<Bytes> payloads;
  private final long workNanos;
  private final List<Client> clients = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  /** A client that hears what the one before it says. */
  private static final class Client {
    final Inbox inbox = new Inbox(1_000, 64L << 20);
    final Bus bus;

    Client(BusFactory buses, String name, String heard) {
      bus =
          buses.open(
              new Session(
                  "chorale-" + name,
                  List.of(Subscription.live(heard)),
                  Optional.empty(),
                  List.of()),
              inbox);
    }

    /** Waits for events and tells when a message arrived; false when the connection is over. */
    boolean turn(LongConsumer arrived) throws InterruptedException {
      inbox.await(PATIENCE_NANOS);
      for (Optional<BusEvent> next = inbox.poll(); next.isPresent(); next = inbox.poll()) {
        if (next.get() instanceof BusEvent.Delivered delivered) {
          arrived.accept(delivered.arrivedNanos());
        } else if (next.get() instanceof BusEvent.Ended) {
          return false;
        }
      }
      return true;
    }
  }

  private HopChain(String name, List<Bytes> payloads, long workNanos) {
    this.name = name;
    this.payloads = payloads;
    this.workNanos = workNanos;
  }

  /**
   * @param name letters, no other chain's
   * @param payloads of the hops, in their order
   * @param workNanos how long the second client is busy with each message
   */
  static HopChain open(BusFactory buses, String name, List<Bytes> payloads, long workNanos)
      throws MeasurementException, InterruptedException {
    HopChain chain = new HopChain(name, List.copyOf(payloads), workNanos);
    int hops = payloads.size();
    for (int i = 0; i < hops; i++) {
      String heard = chain.topic(i == 0 ? hops - 1 : i - 1);
      chain.clients.add(new Client(buses, "bench-" + name + "-" + i, heard));
    }
    long start = System.nanoTime();
    for (Client each : chain.clients) {
      while (!each.bus.isConnected()) {
        if (System.nanoTime() - start > PATIENCE_NANOS) {
          chain.close();
          throw new MeasurementException("the bare hops got no connection to the broker");
        }
        Thread.sleep(20);
      }
    }
    for (int i = 1; i < hops; i++) {
      chain.passOn(i);
    }
    return chain;
  }

  private String topic(int hop) {
    return "chorale/bench-" + name + "/" + hop;
  }

  private void passOn(int hop) {
    Client client = clients.get(hop);
    Message message = Message.of(topic(hop), payloads.get(hop));
    long work = hop == 1 ? workNanos : 0;
    Thread thread =
        new Thread(
            () -> {
              try {
                while (client.turn(
                    arrived -> {
                      Pauses.spin(work);
                      var unused = client.bus.publish(message);
                    })) {
                  // Until it is over.
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            name + "-" + hop);
    thread.setDaemon(true);
    thread.start();
    threads.add(thread);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Map<String, Double> sample(int turn) throws MeasurementException, InterruptedException {
    Client first = clients.get(0);
    long start = System.nanoTime();
    var unused = first.bus.publish(Message.of(topic(0), payloads.get(0)));
    long[] end = {0};
    while (end[0] == 0) {
      boolean open = first.turn(arrived -> end[0] = arrived);
      if (!open || System.nanoTime() - start > PATIENCE_NANOS) {
        throw new MeasurementException("a message of the bare hops is lost");
      }
    }
    return Map.of(TIME, (end[0] - start - workNanos) / 1e6);
  }

  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
    clients.forEach(each -> each.bus.close());
  }
}
