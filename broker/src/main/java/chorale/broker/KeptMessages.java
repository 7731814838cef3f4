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
 * A wrapper of HiveMQ's store of retained messages that limits their total size. HiveMQ's own limit
 * ignores the payloads. A message that does not fit, or whose topic is only for live messages, is
 * delivered but not retained; it also removes the topic's retained message. Access rights and the
 * size limit allow each board, camera or browser at most 3 retained messages of {@value
 * Limits#MAX_STATUS_BYTES} bytes each.
 *
 * <p>HiveMQ calls this class from one thread at a time per bucket of topics; {@link #hasRoom} and
 * {@link #bytes} are thread-safe.
 */
final class KeptMessages implements RetainedMessageLocalPersistence {
  /** Approximate size of a message without topic and payload. */
  private static final int MESSAGE_BYTES = 1_000;

  /** Levels below a camera whose messages are never retained, because they are useless later. */
  private static final Set<String> PASSING = Set.of("image", "reply", "tensor", "response");

  private final RetainedMessageLocalPersistence inner;
  private final long maxBytes;
  private final BrokerCounters counters;
  private final AtomicLong bytes = new AtomicLong();

  /** Sizes by bucket, then by topic. */
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

  /**
   * Returns whether a client that is not a service may retain a payload of this size; the second
   * half of the store is reserved for services.
   */
  boolean hasRoom(int payloadBytes) {
    return payloadBytes == 0 || bytes() + MESSAGE_BYTES + payloadBytes <= maxBytes / 2;
  }

  /** Returns why {@link #hasRoom} is false, and what to do; for the log. */
  String noRoom(int payloadBytes) {
    return "the store of retained messages has no room for "
        + payloadBytes
        + " more bytes (used: "
        + bytes()
        + ", allowed for clients that are not services: "
        + maxBytes / 2
        + "); clear unused ones with an empty retained message";
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

  /**
   * Returns whether to retain a message. Below {@code chorale/}, only messages of at most the size
   * of a status message, and none of {@link #PASSING}.
   */
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

  /** Removes expired messages. */
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
