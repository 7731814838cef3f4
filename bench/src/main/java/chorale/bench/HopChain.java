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
 * do nothing else; but the second may be given the work of a worker to do before it passes on, and
 * the last told the frame too, as the aggregator is. One owning thread; each client but the first
 * has one of its own.
 */
final class HopChain implements Rounds.Subject, AutoCloseable {
  /** From the first message handed over to the last one read, less the work, in milliseconds. */
  static final String TIME = "time";

  private static final long PATIENCE_NANOS = 10_000_000_000L;

  private final String name;
  private final List<Bytes> payloads;
  private final Like like;
  private volatile double workMillis;
  private final List<Client> clients = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  /** What the second client does before it passes on. */
  interface Work {
    /** Does it, and tells how many milliseconds it took. */
    double run() throws MeasurementException;
  }

  /**
   * How much the chain is like a fleet.
   *
   * @param frameHeardByLast whether the last client hears the first's message as well
   */
  record Like(Work work, boolean frameHeardByLast) {}

  /** A client that hears what the one before it says. */
  private static final class Client {
    final Inbox inbox = new Inbox(1_000, 64L << 20);
    final Bus bus;

    Client(BusFactory buses, String name, List<String> heard) {
      bus =
          buses.open(
              new Session(
                  "chorale-" + name,
                  heard.stream().map(Subscription::live).toList(),
                  Optional.empty(),
                  List.of()),
              inbox);
    }

    /** Waits and tells when a message on the topic arrived; false when the connection is over. */
    boolean turn(String topic, LongConsumer arrived) throws InterruptedException {
      inbox.await(PATIENCE_NANOS);
      for (Optional<BusEvent> next = inbox.poll(); next.isPresent(); next = inbox.poll()) {
        if (next.get() instanceof BusEvent.Delivered delivered) {
          if (delivered.message().topic().equals(topic)) {
            arrived.accept(delivered.arrivedNanos());
          }
        } else if (next.get() instanceof BusEvent.Ended) {
          return false;
        }
      }
      return true;
    }
  }

  private HopChain(String name, List<Bytes> payloads, Like like) {
    this.name = name;
    this.payloads = payloads;
    this.like = like;
  }

  /**
   * @param name letters, no other chain's
   * @param payloads of the hops, in their order
   */
  static HopChain open(BusFactory buses, String name, List<Bytes> payloads, Like like)
      throws MeasurementException, InterruptedException {
    HopChain chain = new HopChain(name, List.copyOf(payloads), like);
    int hops = payloads.size();
    for (int i = 0; i < hops; i++) {
      List<String> heard = new ArrayList<>(List.of(chain.before(i)));
      if (like.frameHeardByLast() && i == hops - 1) {
        heard.add(chain.topic(0));
      }
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

  /** What a client hears in order to say its own. */
  private String before(int hop) {
    return topic((hop + payloads.size() - 1) % payloads.size());
  }

  private void passOn(int hop) {
    Client client = clients.get(hop);
    Message message = Message.of(topic(hop), payloads.get(hop));
    Thread thread =
        new Thread(
            () -> {
              try {
                while (client.turn(
                    before(hop),
                    arrived -> {
                      if (hop == 1) {
                        work();
                      }
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

  private void work() {
    try {
      workMillis = like.work().run();
    } catch (MeasurementException e) {
      throw new IllegalStateException(e);
    }
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
      boolean open = first.turn(before(0), arrived -> end[0] = arrived);
      if (!open || System.nanoTime() - start > PATIENCE_NANOS) {
        throw new MeasurementException("a message of the bare hops is lost");
      }
    }
    return Map.of(TIME, (end[0] - start) / 1e6 - workMillis);
  }

  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
    clients.forEach(each -> each.bus.close());
  }
}
