package chorale.worker;

import chorale.protocol.IgnoredReason;
import chorale.protocol.Labels;
import chorale.protocol.ReplyError;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The counters of a worker since its start. They balance: {@code received} is the sum of {@code
 * answered}, all {@code failed_*}, all {@code ignored_*}, {@code bad_requests} and the frames that
 * wait or run. Owned by the worker's thread, except {@link #publishFailed}, which any thread may
 * call.
 */
final class WorkerCounters {
  private final Map<ReplyError, Long> failed = new EnumMap<>(ReplyError.class);
  private final Map<IgnoredReason, Long> ignored = new EnumMap<>(IgnoredReason.class);
  private final AtomicLong publishFailures = new AtomicLong();
  private long received;
  private long badRequests;
  private long answered;
  private long queueMicros;
  private long inferenceMicros;

  WorkerCounters() {
    for (ReplyError error : ReplyError.values()) {
      failed.put(error, 0L);
    }
    for (IgnoredReason reason : IgnoredReason.values()) {
      ignored.put(reason, 0L);
    }
  }

  void received() {
    received++;
  }

  void ignored(IgnoredReason reason) {
    ignored.merge(reason, 1L, Long::sum);
  }

  void badRequest() {
    badRequests++;
  }

  void answered(int queueMicros, int inferenceMicros) {
    answered++;
    this.queueMicros += queueMicros;
    this.inferenceMicros += inferenceMicros;
  }

  void failed(ReplyError error) {
    failed.merge(error, 1L, Long::sum);
  }

  void publishFailed() {
    publishFailures.incrementAndGet();
  }

  /** Returns the counters under the names that health messages use. */
  SortedMap<String, Long> snapshot(long waiting, long inboxDropped) {
    SortedMap<String, Long> all = new TreeMap<>();
    all.put("received", received);
    all.put("bad_requests", badRequests);
    all.put("answered", answered);
    all.put("waiting", waiting);
    all.put("inbox_dropped", inboxDropped);
    all.put("publish_failed", publishFailures.get());
    all.put("queue_micros_total", queueMicros);
    all.put("inference_micros_total", inferenceMicros);
    failed.forEach((error, count) -> all.put("failed_" + error.code(), count));
    ignored.forEach((reason, count) -> all.put("ignored_" + Labels.of(reason), count));
    return all;
  }
}
