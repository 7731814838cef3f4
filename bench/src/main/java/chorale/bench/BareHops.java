package chorale.bench;

import chorale.evaluation.measurement.MeasurementException;
import chorale.evaluation.measurement.Rounds;
import chorale.protocol.Bytes;
import chorale.protocol.Message;
import chorale.protocol.bus.BusEvent.Delivered;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.Subscription;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A baseline of the messages of one request without inference: a ring of clients that pass on
 * messages with the sizes of a frame, a reply and a result, through the product's adapter and
 * broker. Owned by one thread; each client but the first has a daemon thread, which ends on close.
 */
final class BareHops implements Rounds.Subject, AutoCloseable {
  static final String NAME = "bare hops";

  /** The time from publishing the first message to reading the last, in ms. */
  static final String TIME = "time";

  private static final long IDLE_NANOS = 60_000_000_000L;

  private final List<Bytes> payloads;
  private final List<BenchClient> clients = new ArrayList<>();
  private final ResourceStack resources = new ResourceStack();

  /**
   * @param sizes the sizes of the messages in bytes, in the order of the hops
   */
  BareHops(List<Integer> sizes) {
    payloads = sizes.stream().map(size -> Bytes.wrap(new byte[size])).toList();
  }

  /** Connects all clients. */
  void start(BusFactory buses) throws MeasurementException, InterruptedException {
    int hops = payloads.size();
    for (int hop = 0; hop < hops; hop++) {
      Subscription before = Subscription.live(topic((hop + hops - 1) % hops));
      clients.add(resources.add(BenchClient.open(buses, "bare-" + hop, before)));
    }
    for (int hop = 1; hop < hops; hop++) {
      startRelay(hop);
    }
  }

  private static String topic(int hop) {
    return "chorale/bench-bare/" + hop;
  }

  private void startRelay(int hop) {
    Thread relay = new Thread(() -> relay(hop), topic(hop));
    relay.setDaemon(true);
    relay.start();
    resources.add(relay::interrupt);
  }

  private void relay(int hop) {
    try {
      while (true) {
        if (clients.get(hop).next(IDLE_NANOS).isPresent()) {
          publish(hop);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void publish(int hop) {
    clients.get(hop).publish(Message.of(topic(hop), payloads.get(hop)));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, Double> sample(int turn) throws MeasurementException, InterruptedException {
    long start = System.nanoTime();
    publish(0);
    Delivered last = clients.get(0).await();
    return Map.of(TIME, (last.arrivedNanos() - start) / 1e6);
  }

  @Override
  public void close() {
    resources.close();
  }
}
