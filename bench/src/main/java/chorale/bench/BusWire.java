package chorale.bench;

import chorale.evaluation.measurement.MeasurementException;
import chorale.protocol.Message;
import chorale.protocol.bus.Bus;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.Session;
import chorale.protocol.bus.Subscription;
import java.util.List;
import java.util.Optional;

/** From one bus to another by way of the broker, as the product's own services talk. */
final class BusWire implements Wire {
  private final Inbox sent = new Inbox(1000, 1 << 20);
  private final Arrivals arrivals = new Arrivals();
  private final Message message;
  private final Bus sender;
  private final Bus receiver;

  BusWire(BusFactory buses, Message message) throws MeasurementException, InterruptedException {
    this.message = message;
    Subscription subscription = new Subscription(message.topic(), message.qos(), false);
    receiver = buses.open(session("receiver", List.of(subscription)), arrivals.inbox());
    sender = buses.open(session("sender", List.of()), sent);
    Arrivals.awaitEvent(arrivals.inbox(), BusEvent.Subscribed.class);
    Arrivals.awaitEvent(sent, BusEvent.Subscribed.class);
  }

  private static Session session(String role, List<Subscription> subscriptions) {
    return new Session("chorale-bench-hop-" + role, subscriptions, Optional.empty(), List.of());
  }

  @Override
  public void cross() throws MeasurementException, InterruptedException {
    var unused = sender.publish(message);
    arrivals.await();
  }

  @Override
  public void close() {
    sender.close();
    receiver.close();
  }
}
