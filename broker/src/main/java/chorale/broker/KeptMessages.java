package chorale.broker;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import com.hivemq.metrics.HiveMQMetrics;

/**
 * The bound on retained messages. Deletions always have room. Safe for several threads.
 *
 * @param metrics HiveMQ's, which hold what they take
 */
record KeptMessages(MetricRegistry metrics, long maxBytes) {
  /** What HiveMQ's estimate leaves out of each, such as its place in the tree of topics. */
  private static final int MESSAGE_BYTES = 512;

  long bytes() {
    Gauge<?> size =
        metrics
            .getGauges()
            .get(HiveMQMetrics.RETAINED_MESSAGES_MEMORY_PERSISTENCE_TOTAL_SIZE.name());
    Gauge<?> count = metrics.getGauges().get(HiveMQMetrics.RETAINED_MESSAGES_CURRENT.name());
    return value(size) + MESSAGE_BYTES * value(count);
  }

  private static long value(Gauge<?> gauge) {
    return gauge == null ? 0 : ((Number) gauge.getValue()).longValue();
  }

  boolean hasRoom(int payloadBytes) {
    return payloadBytes == 0 || bytes() + payloadBytes <= maxBytes;
  }
}
