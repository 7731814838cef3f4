package chorale.broker;

import chorale.broker.WaitingMessages.Entry;
import chorale.broker.WaitingMessages.Pool;
import chorale.protocol.Role;
import chorale.protocol.access.ClientIds;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableIntArray;
import com.hivemq.configuration.service.MqttConfigurationService.QueuedMessagesStrategy;
import com.hivemq.mqtt.message.MessageWithID;
import com.hivemq.mqtt.message.QoS;
import com.hivemq.mqtt.message.publish.PUBLISH;
import com.hivemq.mqtt.message.pubrel.PUBREL;
import com.hivemq.persistence.clientqueue.ClientQueueLocalPersistence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * The queues of all clients, in front of HiveMQ's own. HiveMQ limits a client's queue by message
 * count, sends in the order of arrival, and drops silently. There, a frame of 4 MiB counts as much
 * as a reply, and one flooding camera can delay or displace the messages of all others. Here,
 * messages wait by topic ({@link WaitingMessages}) and are limited by bytes. They move to HiveMQ's
 * queue only just before it sends them; that queue holds the messages in flight.
 *
 * <p>HiveMQ calls this class from one thread at a time per bucket of clients; {@link #isBehind} is
 * thread-safe.
 */
final class ClientQueues implements ClientQueueLocalPersistence {
  /** Maximum size in flight to one client: small, so that topics take turns even in a backlog. */
  private static final long BATCH_BYTES = 256 * 1024;

  /** Longer than an aggregator without a backlog takes to read a frame. */
  private static final int LAG_MILLIS = 250;

  private static final String SHARED = "$share/";
  private static final String AGGREGATOR = "chorale-" + Role.AGGREGATOR.label() + '-';

  private final ClientQueueLocalPersistence inner;
  private final BrokerCounters counters;
  private final Function<String, Optional<String>> userOf;
  private final Pool services;
  private final Pool clients;

  /** Queues by bucket, then by client. */
  private final List<Map<String, WaitingMessages>> buckets = new ArrayList<>();

  /** Queues of the aggregators, by client. */
  private final Map<String, WaitingMessages> aggregators = new ConcurrentHashMap<>();

  /** Queued bytes of each user, separately for services and other clients. */
  private final Map<String, AtomicLong> owned = new ConcurrentHashMap<>();

  /**
   * @param userOf returns the user of a client; a client without a user has its own limit
   */
  ClientQueues(
      ClientQueueLocalPersistence inner,
      int bucketCount,
      QueueBounds bounds,
      BrokerCounters counters,
      Function<String, Optional<String>> userOf) {
    this.inner = inner;
    this.counters = counters;
    this.userOf = userOf;
    this.services = new Pool(bounds.service(), bounds.services());
    this.clients = new Pool(bounds.client(), bounds.clients());
    for (int i = 0; i < bucketCount; i++) {
      buckets.add(new HashMap<>());
    }
  }

  /**
   * Returns whether all aggregators of the topic's site have a backlog on this topic: each has no
   * room for this many bytes, or has not read messages older than {@value #LAG_MILLIS} ms. A halted
   * aggregator thus does not keep frames from the others.
   *
   * @param nowMillis arrival of the message
   */
  boolean isBehind(String topic, long bytes, long nowMillis) {
    boolean behind = false;
    for (WaitingMessages each : aggregators.values()) {
      if (topic.startsWith(each.site())) {
        behind = true;
        if (each.hasRoom(topic, bytes) && nowMillis - each.oldestMillis(topic) <= LAG_MILLIS) {
          return false;
        }
      }
    }
    return behind;
  }

  /** Returns the number of bytes queued for all clients. */
  long bytes() {
    return services.used().get() + clients.used().get();
  }

  private static String key(String queueId, boolean shared) {
    return shared ? SHARED + queueId : queueId;
  }

  private WaitingMessages waiting(String queueId, boolean shared, int bucket) {
    return buckets.get(bucket).computeIfAbsent(key(queueId, shared), this::open);
  }

  private WaitingMessages open(String key) {
    boolean service = ClientIds.isService(key);
    AtomicLong bytes =
        userOf
            .apply(key)
            .map(user -> owned.computeIfAbsent(user + '/' + service, any -> new AtomicLong()))
            .orElseGet(AtomicLong::new);
    WaitingMessages opened = new WaitingMessages(service ? services : clients, bytes);
    if (key.startsWith(AGGREGATOR)) {
      aggregators.put(key, opened);
    }
    return opened;
  }

  @Override
  public void add(
      String queueId,
      boolean shared,
      PUBLISH publish,
      long max,
      QueuedMessagesStrategy strategy,
      boolean retained,
      int bucket) {
    WaitingMessages waiting = waiting(queueId, shared, bucket);
    Entry entry = new Entry(publish, retained);
    if (!waiting.hasRoom(publish.getTopic(), entry.bytes()) && waiting.isOldestExpired()) {
      counters.expire(waiting.removeIf(PUBLISH::isExpired));
    }
    if (waiting.hasRoom(publish.getTopic(), entry.bytes())) {
      waiting.add(entry);
    } else {
      counters.drop(queueId);
    }
  }

  @Override
  public void add(
      String queueId,
      boolean shared,
      List<PUBLISH> publishes,
      long max,
      QueuedMessagesStrategy strategy,
      boolean retained,
      int bucket) {
    publishes.forEach(each -> add(queueId, shared, each, max, strategy, retained, bucket));
  }

  @Override
  public ImmutableList<PUBLISH> readNew(
      String queueId, boolean shared, ImmutableIntArray packetIds, long bytesLimit, int bucket) {
    WaitingMessages waiting = buckets.get(bucket).get(key(queueId, shared));
    if (waiting != null) {
      long bytes = 0;
      for (int i = 0; i < packetIds.length() && bytes < Math.min(bytesLimit, BATCH_BYTES); ) {
        Optional<Entry> next = waiting.poll();
        if (next.isEmpty()) {
          break;
        }
        if (next.get().publish().isExpired()) {
          counters.expire(1);
        } else {
          handOver(queueId, shared, next.get(), bucket);
          bytes += next.get().bytes();
          i++;
        }
      }
    }
    return inner.readNew(queueId, shared, packetIds, bytesLimit, bucket);
  }

  private void handOver(String queueId, boolean shared, Entry entry, int bucket) {
    inner.add(
        queueId,
        shared,
        entry.publish(),
        Long.MAX_VALUE,
        QueuedMessagesStrategy.DISCARD,
        entry.kept(),
        bucket);
  }

  @Override
  public int size(String queueId, boolean shared, int bucket) {
    WaitingMessages waiting = buckets.get(bucket).get(key(queueId, shared));
    return inner.size(queueId, shared, bucket) + (waiting == null ? 0 : waiting.count());
  }

  @Override
  public void clear(String queueId, boolean shared, int bucket) {
    String key = key(queueId, shared);
    WaitingMessages waiting = buckets.get(bucket).remove(key);
    if (waiting != null) {
      waiting.removeIf(each -> true);
      aggregators.remove(key);
    }
    inner.clear(queueId, shared, bucket);
  }

  @Override
  public void removeAllQos0Messages(String queueId, boolean shared, int bucket) {
    WaitingMessages waiting = buckets.get(bucket).get(key(queueId, shared));
    if (waiting != null) {
      waiting.removeIf(each -> each.getQoS() == QoS.AT_MOST_ONCE);
    }
    inner.removeAllQos0Messages(queueId, shared, bucket);
  }

  @Override
  public ImmutableSet<String> cleanUp(int bucket) {
    ImmutableSet.Builder<String> shared = ImmutableSet.builder();
    buckets
        .get(bucket)
        .forEach(
            (key, waiting) -> {
              counters.expire(waiting.removeIf(PUBLISH::isExpired));
              if (key.startsWith(SHARED)) {
                shared.add(key.substring(SHARED.length()));
              }
            });
    return shared.addAll(inner.cleanUp(bucket)).build();
  }

  @Override
  public void closeDB(int bucket) {
    buckets.get(bucket).values().forEach(each -> each.removeIf(all -> true));
    buckets.get(bucket).clear();
    inner.closeDB(bucket);
  }

  // ---- in flight

  @Override
  public ImmutableList<MessageWithID> readInflight(
      String client, boolean shared, int batchSize, long bytesLimit, int bucket) {
    return inner.readInflight(client, shared, batchSize, bytesLimit, bucket);
  }

  @Override
  public String replace(String client, PUBREL pubrel, int bucket) {
    return inner.replace(client, pubrel, bucket);
  }

  @Override
  public String remove(String client, int packetId, int bucket) {
    return inner.remove(client, packetId, bucket);
  }

  @Override
  public String remove(String client, int packetId, String uniqueId, int bucket) {
    return inner.remove(client, packetId, uniqueId, bucket);
  }

  @Override
  public void removeShared(String subscription, String uniqueId, int bucket) {
    inner.removeShared(subscription, uniqueId, bucket);
  }

  @Override
  public void removeInFlightMarker(String subscription, String uniqueId, int bucket) {
    inner.removeInFlightMarker(subscription, uniqueId, bucket);
  }
}
