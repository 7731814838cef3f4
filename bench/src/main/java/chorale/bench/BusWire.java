package chorale.bench;

import chorale.evaluation.measurement.MeasurementException;
import chorale.protocol.Message;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.Subscription;

/** A wire from one bus to another through the broker, as between the product's services. */
final class BusWire implements Wire {
  private final Message message;
  private final BenchClient receiver;
  private final BenchClient sender;

  BusWire(BusFactory buses, Message message) throws MeasurementException, InterruptedException {
    this.message = message;
    Subscription subscription = new Subscription(message.topic(), message.qos(), false);
    receiver = BenchClient.open(buses, "hop-receiver", subscription);
    sender = BenchClient.open(buses, "hop-sender");
  }

  @Override
  public void cross() throws MeasurementException, InterruptedException {
    sender.publish(message);
    var unused = receiver.await();
  }

  @Override
  public void close() {
    sender.close();
    receiver.close();
  }
}
