package chorale.site.faults;

import chorale.protocol.Message;
import chorale.protocol.Topics;
import chorale.protocol.bus.Bus;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.Session;
import chorale.protocol.bus.Subscription;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * A client that repeats workers' replies: each one twice at once, and once more after the deadline.
 * It has the rights of a service on the topics of every worker, and its own client id. An
 * aggregator cannot distinguish its messages from the worker's. Used by one thread, in turns.
 */
final class Replayer implements AutoCloseable {
  private static final int AT_ONCE = 2;

  /**
   * Maximum delay: covers times before and after a decision, and after aggregators have forgotten
   * the window.
   */
  private static final long LATEST_NANOS = Duration.ofSeconds(5).toNanos();

  private final Inbox inbox = new Inbox(10_000, 16L << 20);
  private final Bus bus;
  private final Random random;
  private final PriorityQueue<Late> late =
      new PriorityQueue<>(Comparator.comparingLong(each -> each.dueNanos() - START));
  private boolean replays;

  private static final long START = System.nanoTime();

  private record Late(long dueNanos, Message reply) {}

  Replayer(Topics topics, BusFactory buses, long seed) {
    this.random = new Random(seed);
    this.bus =
        buses.open(
            Session.of(
                "chorale-replay-" + topics.site(),
                List.of(Subscription.ofOthers(topics.replyFilter()))),
            inbox);
  }

  void start() {
    replays = true;
  }

  /** Stops repeating new replies; pending late ones are still published. */
  void stop() {
    replays = false;
  }

  /** Runs one turn. */
  void step(long now) {
    for (Optional<BusEvent> next = inbox.poll(); next.isPresent(); next = inbox.poll()) {
      if (replays && next.get() instanceof BusEvent.Delivered delivered) {
        for (int i = 0; i < AT_ONCE; i++) {
          publish(delivered.message());
        }
        late.add(new Late(now + random.nextLong(LATEST_NANOS), delivered.message()));
      }
    }
    for (Late each = late.peek(); each != null && each.dueNanos() - now <= 0; each = late.peek()) {
      publish(late.remove().reply());
    }
  }

  private void publish(Message heard) {
    var unused = bus.publish(Message.of(heard.topic(), heard.payload()).with(heard.properties()));
  }

  @Override
  public void close() {
    bus.close();
  }
}
