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
 * What waits for one client: a fair queue with a lane for each topic. Topics take turns, so that
 * one with many messages does not delay the others; those of one topic keep their order.
 *
 * <p>Of the room that is left, a topic may take as much as it leaves ("dynamic thresholds",
 * Choudhury and Hahne, 1998): one that floods never takes the last of it. Clients that do not read
 * may take all that their pool has: a little ({@link Pool#least}) is every client's own, for those
 * that do read.
 *
 * <p>One thread at a time owns it; {@link #hasRoom} and {@link #oldestMillis} may be called by
 * others, and are then about right.
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
   * Room that users share.
   *
   * @param each the most that the clients of one user may take
   * @param all the most that all of them may take together
   */
  record Pool(long each, long all, AtomicLong used) {
    private static final int LEAST_SHARE = 512;

    Pool(long each, long all) {
      this(each, all, new AtomicLong());
    }

    /** What each client may take whatever the others hold. */
    long least() {
      return each / LEAST_SHARE;
    }
  }

  /**
   * @param kept sent because the broker had kept it
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
   * @param owned bytes that wait for all clients of this one's user
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

  /** The site of the first message, as the beginning of topics; empty before. */
  String site() {
    return site;
  }

  boolean isOldestExpired() {
    Lane lane = turns.peekFirst();
    return lane != null && lane.entries.getFirst().publish().isExpired();
  }

  /** When the topic's oldest message came; in the far future if none waits. */
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

  /** The next topic's oldest message. */
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
   * @return how many
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
