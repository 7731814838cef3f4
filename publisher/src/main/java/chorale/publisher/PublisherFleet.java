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
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A publisher's view of the workers: the largest input of the online workers, for right-sizing, and
 * the names of their classes. Owned by the publisher's thread.
 *
 * <p>Infos arrive one by one after the subscription. Sizing frames to the first worker's info would
 * send later workers frames that are too small; right-sizing therefore waits until all have
 * arrived.
 */
final class PublisherFleet {
  /** Time after the subscription by which all retained messages have arrived. */
  static final Duration SETTLE = Duration.ofMillis(500);

  /** Time without any worker after which the user is told the reason for the wait. */
  static final Duration TELL_AFTER = Duration.ofSeconds(5);

  private static final System.Logger LOG = System.getLogger(PublisherFleet.class.getName());

  private final Topics topics;
  private final Ticker ticker;
  private final Optional<RightSize> rightSize;
  private final Fleet fleet = new Fleet();
  private final Set<String> classes = new HashSet<>();

  /** The largest input of the last known fleet; kept while no worker is online. */
  private OptionalInt largestInput = OptionalInt.empty();

  private long subscribedNanos;
  private boolean told;

  /**
   * @param rightSize empty if images are sent unchanged
   */
  PublisherFleet(Topics topics, Ticker ticker, Optional<RightSize> rightSize) {
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
    } else if (event instanceof BusEvent.Subscribed) {
      subscribedNanos = ticker.nanos();
    } else if (event instanceof BusEvent.Delivered delivered) {
      hear(delivered.message());
    }
  }

  private void hear(Message message) {
    if (topics.parse(message.topic()) instanceof Address.Status status
        && fleet.hear(status, message.payload()) instanceof Fleet.Effect.Changed) {
      fleet.workers().forEach(worker -> classes.addAll(worker.classes()));
      OptionalInt largest =
          fleet.onlineWorkers().stream().mapToInt(worker -> worker.author().inputSize()).max();
      largestInput = largest.isPresent() ? largest : largestInput;
    }
  }

  /** Returns whether a worker has ever named this class. */
  boolean isClass(String name) {
    return classes.contains(name);
  }

  /** Returns 0 if an image can be sent, or the time in nanoseconds after which to ask again. */
  long untilReady() {
    long since = ticker.nanos() - subscribedNanos;
    if (rightSize.isEmpty() || (since >= SETTLE.toNanos() && largestInput.isPresent())) {
      return 0;
    }
    if (since < SETTLE.toNanos()) {
      return SETTLE.toNanos() - since;
    }
    if (!told && since >= TELL_AFTER.toNanos()) {
      told = true;
      LOG.log(Level.WARNING, "no worker is online: right-sizing waits for the first worker");
    }
    return told ? Duration.ofHours(1).toNanos() : TELL_AFTER.toNanos() - since;
  }

  /** Returns a smaller JPEG; empty if the image should be sent unchanged. */
  Optional<Bytes> fitted(Bytes image) {
    return rightSize.flatMap(each -> each.fitted(image, largestInput.orElseThrow()));
  }
}
