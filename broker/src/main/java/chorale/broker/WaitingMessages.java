package chorale.broker;

import com.hivemq.mqtt.message.publish.PUBLISH;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * The messages that wait for one client: a fair queue with one lane per topic. Topics take turns,
 * so that a topic with many messages does not delay the others; the messages of one topic stay in
 * order.
 *
 * <p>A topic may use at most half of the space that the other topics leave ("dynamic thresholds",
 * Choudhury and Hahne, 1998), so a topic that floods never fills the queue. Clients that do not
 * read may use up their pool; each client therefore has a small minimum of its own ({@link
 * Pool#least}).
 *
 * <p>Owned by one thread at a time. Other threads may call {@link #hasRoom} and {@link
 * #oldestMillis}, whose results are then approximate.
 */
final class WaitingMessages {
  private final Pool pool;
  private final AtomicLong owned;
  private final Map<String, Lane> lanes = new ConcurrentHashMap<>();
  private final ArrayDeque<Lane> turns = new ArrayDeque<>();
  private int count;
  private volatile long bytes;
  private volatile String site = "";

  /**
   * Space that clients share.
   *
   * @param each maximum for the clients of one user
   * @param all maximum for all clients together
   */
  record Pool(long each, long all, AtomicLong used) {
    private static final int LEAST_SHARE = 512;

    Pool(long each, long all) {
      this(each, all, new AtomicLong());
    }

    /** Returns the minimum of each client, regardless of the others. */
    long least() {
      return each / LEAST_SHARE;
    }
  }

  /**
   * @param kept whether it was retained
   */
  record Entry(PUBLISH publish, boolean kept) {
    int bytes() {
      return publish.getEstimatedSizeInMemory();
    }
  }

  private static final class Lane {
    private final String topic;
    private final ArrayDeque<Entry> entries = new ArrayDeque<>(2);
    private volatile long bytes;
    private volatile long oldestMillis = Long.MAX_VALUE;

    Lane(String topic) {
      this.topic = topic;
    }
  }

  /**
   * @param owned number of bytes that wait for all clients of the same user
   */
  WaitingMessages(Pool pool, AtomicLong owned) {
    this.pool = pool;
    this.owned = owned;
  }

  boolean hasRoom(String topic, long size) {
    Lane lane = lanes.get(topic);
    long own = lane == null ? 0 : lane.bytes;
    return own + size <= Math.min(pool.each() - owned.get(), pool.all() - pool.used().get())
        || bytes + size <= pool.least();
  }

  /** Returns the site of the first message as a topic prefix; empty before that. */
  String site() {
    return site;
  }

  boolean isOldestExpired() {
    Lane lane = turns.peekFirst();
    return lane != null && lane.entries.getFirst().publish().isExpired();
  }

  /** Returns the arrival time of the topic's oldest message; in the far future if none waits. */
  long oldestMillis(String topic) {
    Lane lane = lanes.get(topic);
    return lane == null ? Long.MAX_VALUE : lane.oldestMillis;
  }

  void add(Entry entry) {
    if (site.isEmpty()) {
      String topic = entry.publish().getTopic();
      site = topic.substring(0, topic.indexOf('/', topic.indexOf('/') + 1) + 1);
    }
    Lane lane = lanes.get(entry.publish().getTopic());
    if (lane == null) {
      lane = new Lane(entry.publish().getTopic());
      lanes.put(lane.topic, lane);
      turns.addLast(lane);
    }
    lane.entries.addLast(entry);
    account(lane, entry, 1);
  }

  /** Removes and returns the next topic's oldest message. */
  Optional<Entry> poll() {
    Lane lane = turns.pollFirst();
    if (lane == null) {
      return Optional.empty();
    }
    Entry entry = lane.entries.pollFirst();
    account(lane, entry, -1);
    if (lane.entries.isEmpty()) {
      lanes.remove(lane.topic);
    } else {
      turns.addLast(lane);
    }
    return Optional.of(entry);
  }

  private void account(Lane lane, Entry entry, int sign) {
    int change = sign * entry.bytes();
    long ofLane = lane.bytes + change;
    long ofAll = bytes + change;
    lane.bytes = ofLane;
    Entry oldest = lane.entries.peekFirst();
    lane.oldestMillis = oldest == null ? Long.MAX_VALUE : oldest.publish().getTimestamp();
    bytes = ofAll;
    owned.addAndGet(change);
    pool.used().addAndGet(change);
    count += sign;
  }

  /**
   * Removes messages.
   *
   * @return the number of removed messages
   */
  int removeIf(Predicate<PUBLISH> condition) {
    int before = count;
    for (Iterator<Lane> each = turns.iterator(); each.hasNext(); ) {
      Lane lane = each.next();
      lane.entries.removeIf(
          entry -> {
            boolean removed = condition.test(entry.publish());
            if (removed) {
              account(lane, entry, -1);
            }
            return removed;
          });
      if (lane.entries.isEmpty()) {
        lanes.remove(lane.topic);
        each.remove();
      }
    }
    return before - count;
  }

  int count() {
    return count;
  }
}
