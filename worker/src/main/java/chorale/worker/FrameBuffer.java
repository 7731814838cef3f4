package chorale.worker;

import chorale.protocol.RequestKey;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A bounded buffer of the frames that an aggregator may still ask about. Adding a frame removes
 * older ones, oldest first, while the byte limit is exceeded or their budget is over. Owned by the
 * worker's thread.
 */
final class FrameBuffer {
  private final long maxBytes;
  private final Map<RequestKey, Job> jobs = new LinkedHashMap<>();
  private long bytes;

  FrameBuffer(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  void add(Job job) {
    Job before = jobs.remove(job.key());
    bytes -= before == null ? 0 : before.input().bytes();
    jobs.put(job.key(), job);
    bytes += job.input().bytes();
    Iterator<Job> oldest = jobs.values().iterator();
    while (oldest.hasNext()) {
      Job each = oldest.next();
      if (bytes <= maxBytes && each.leftNanos(job.arrivedNanos()) > 0) {
        return;
      }
      bytes -= each.input().bytes();
      oldest.remove();
    }
  }

  /** Finds a frame without removing it, because another aggregator may ask again. */
  Optional<Job> find(RequestKey key) {
    return Optional.ofNullable(jobs.get(key));
  }
}
