package chorale.publisher;

import chorale.protocol.Address;
import chorale.protocol.Bytes;
import chorale.protocol.Fleet;
import chorale.protocol.Message;
import chorale.protocol.Role;
import chorale.protocol.Ticker;
import chorale.protocol.Topics;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Follows which workers are online and makes images as small as the largest of their inputs allows.
 * Until it knows the fleet, images stay as they are: who went by the first info that arrives would
 * starve the variant whose info comes next. Owned by the publisher's thread.
 */
final class FleetFit {
  /** After the subscription, until what was retained has certainly come. */
  static final Duration SETTLE = Duration.ofMillis(500);

  private final Topics topics;
  private final Ticker ticker;
  private final RightSize rightSize;
  private final Fleet fleet = new Fleet();

  /** Known again with every change, rather than anew for every image. */
  private OptionalInt largestInput = OptionalInt.empty();

  private long subscribedNanos;

  FleetFit(Topics topics, Ticker ticker, RightSize rightSize) {
    this.topics = topics;
    this.ticker = ticker;
    this.rightSize = rightSize;
  }

  List<Subscription> subscriptions() {
    return topics.statusFilters(Role.WORKER).stream().map(Subscription::withRetained).toList();
  }

  void hear(BusEvent event) {
    if (event instanceof BusEvent.Connected) {
      fleet.forgetAll();
      largestInput = OptionalInt.empty();
    } else if (event instanceof BusEvent.Subscribed) {
      subscribedNanos = ticker.nanos();
    } else if (event instanceof BusEvent.Delivered delivered) {
      hear(delivered.message());
    }
  }

  private void hear(Message message) {
    if (topics.parse(message.topic()) instanceof Address.Status status
        && fleet.hear(status, message.payload()) instanceof Fleet.Effect.Changed) {
      largestInput =
          fleet.onlineWorkers().stream().mapToInt(worker -> worker.author().inputSize()).max();
    }
  }

  /** A smaller JPEG, or empty where the image should be sent as it is. */
  Optional<Bytes> fitted(Bytes image) {
    boolean settled = ticker.nanos() - subscribedNanos >= SETTLE.toNanos();
    return settled && largestInput.isPresent()
        ? rightSize.fitted(image, largestInput.getAsInt())
        : Optional.empty();
  }
}
