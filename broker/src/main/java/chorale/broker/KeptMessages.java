package chorale.broker;

import chorale.protocol.Limits;
import chorale.protocol.Topics;
import com.hivemq.extension.sdk.api.annotations.Nullable;
import com.hivemq.extensions.iteration.BucketChunkResult;
import com.hivemq.persistence.RetainedMessage;
import com.hivemq.persistence.retained.RetainedMessageLocalPersistence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The retained messages, bounded in bytes, in front of HiveMQ's own store, which counts everything
 * but the payloads. What does not fit, or is for the moment, is delivered all the same, but not
 * kept, and what the topic had before is gone. By its rights a board, camera or screen then has
 * three messages at most, of {@value Limits#MAX_STATUS_BYTES} bytes.
 *
 * <p>HiveMQ calls it by one thread at a time for each bucket of topics; {@link #hasRoom} and {@link
 * #bytes} are safe for several threads.
 */
final class KeptMessages implements RetainedMessageLocalPersistence {
  /** About what a message takes besides topic and payload. */
  private static final int MESSAGE_BYTES = 1_000;

  /** Below a camera, what is of no use later. */
  private static final Set<String> PASSING = Set.of("image", "reply", "tensor", "response");

  private final RetainedMessageLocalPersistence inner;
  private final long maxBytes;
  private final BrokerCounters counters;
  private final AtomicLong bytes = new AtomicLong();

  /** By bucket, then by topic. */
  private final List<Map<String, Integer>> sizes = new ArrayList<>();

  KeptMessages(
      RetainedMessageLocalPersistence inner,
      int bucketCount,
      long maxBytes,
      BrokerCounters counters) {
    this.inner = inner;
    this.maxBytes = maxBytes;
    this.counters = counters;
    for (int i = 0; i < bucketCount; i++) {
      sizes.add(new HashMap<>());
    }
  }

  long bytes() {
    return bytes.get();
  }

  /** Whether a client that is no service may have such a message kept: services have the rest. */
  boolean hasRoom(int payloadBytes) {
    return payloadBytes == 0 || bytes() + MESSAGE_BYTES + payloadBytes <= maxBytes / 2;
  }

  @Override
  public void put(RetainedMessage message, String topic, int bucket) {
    int payload = message.getMessage() == null ? 0 : message.getMessage().length;
    int size = payload + topic.length() + message.getEstimatedSizeInMemory() + MESSAGE_BYTES;
    forget(topic, bucket);
    if (bytes() + size > maxBytes || !isWorthKeeping(topic, payload)) {
      counters.refuse();
      inner.remove(topic, bucket);
    } else {
      sizes.get(bucket).put(topic, size);
      bytes.addAndGet(size);
      inner.put(message, topic, bucket);
    }
  }

  /** Of what Chorale sends, status and results. */
  private static boolean isWorthKeeping(String topic, int payloadBytes) {
    String[] level = topic.split("/", 6);
    boolean passing = level.length > 4 && level[2].equals("camera") && PASSING.contains(level[4]);
    return !level[0].equals(Topics.ROOT) || (payloadBytes <= Limits.MAX_STATUS_BYTES && !passing);
  }

  @Override
  public void remove(String topic, int bucket) {
    forget(topic, bucket);
    inner.remove(topic, bucket);
  }

  private void forget(String topic, int bucket) {
    Integer size = sizes.get(bucket).remove(topic);
    if (size != null) {
      bytes.addAndGet(-size);
    }
  }

  @Override
  public void clear(int bucket) {
    List.copyOf(sizes.get(bucket).keySet()).forEach(topic -> forget(topic, bucket));
    inner.clear(bucket);
  }

  /** Removes what has expired. */
  @Override
  public void cleanUp(int bucket) {
    inner.cleanUp(bucket);
    for (String topic : List.copyOf(sizes.get(bucket).keySet())) {
      if (inner.get(topic, bucket) == null) {
        forget(topic, bucket);
      }
    }
  }

  @Override
  public @Nullable RetainedMessage get(String topic, int bucket) {
    return inner.get(topic, bucket);
  }

  @Override
  public Set<String> getAllTopics(String filter, int bucket) {
    return inner.getAllTopics(filter, bucket);
  }

  @Override
  public BucketChunkResult<Map<String, RetainedMessage>> getAllRetainedMessagesChunk(
      int bucket, @Nullable String lastTopic, int maxResults) {
    return inner.getAllRetainedMessagesChunk(bucket, lastTopic, maxResults);
  }

  @Override
  public long size() {
    return inner.size();
  }

  @Override
  public void iterate(ItemCallback callback) {
    inner.iterate(callback);
  }

  @Override
  public void closeDB(int bucket) {
    inner.closeDB(bucket);
  }
}
