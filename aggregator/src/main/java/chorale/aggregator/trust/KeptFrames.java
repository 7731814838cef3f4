package chorale.aggregator.trust;

import chorale.protocol.Message;
import chorale.protocol.Reply;
import chorale.protocol.Reply.Outcome.TopK;
import chorale.protocol.Request;
import chorale.protocol.RequestKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A bounded buffer of recent frames with their replies, for checks: at most {@value #MAX} frames
 * and {@value #MAX_BYTES} bytes. If frames are frequent enough, the kept ones are spread evenly
 * over a given time. Used by one thread; times are nanoseconds of its ticker.
 */
public final class KeptFrames {
  static final int MAX = 16;
  static final int MAX_BYTES = 4 << 20;

  /** Maximum size of a frame, so that one frame cannot fill the set. */
  static final int MAX_FRAME_BYTES = MAX_BYTES / 4;

  private final long firstGapNanos;
  private final long gapNanos;
  private final RandomGenerator random;
  private final Map<RequestKey, Kept> frames = new LinkedHashMap<>();
  private long bytes;
  private long nextNanos;

  /**
   * A frame as it arrived, and the first reply of each worker.
   *
   * @param replies by worker; grows as replies arrive
   */
  public record Kept(Request request, Message message, Map<String, Reply> replies) {}

  /**
   * @param firstNanos time that the first frames cover, until the set is full
   * @param spanNanos time that the kept frames cover later
   */
  public KeptFrames(long firstNanos, long spanNanos, RandomGenerator random, long nowNanos) {
    this.firstGapNanos = firstNanos / MAX;
    this.gapNanos = spanNanos / MAX;
    this.random = random;
    this.nextNanos = nowNanos;
  }

  /** Keeps an arriving frame if a variation of it is possible and the next frame is due. */
  public void hear(Request request, Message message, long nowNanos) {
    if (nowNanos - nextNanos < 0
        || message.bytes() > MAX_FRAME_BYTES
        || frames.containsKey(request.key())
        || ImageVariation.of(message.payload(), random).isEmpty()) {
      return;
    }
    nextNanos = nowNanos + (frames.size() + 1 < MAX ? firstGapNanos : gapNanos);
    frames.put(request.key(), new Kept(request, message, new HashMap<>()));
    bytes += message.bytes();
    while (frames.size() > MAX || bytes > MAX_BYTES) {
      Kept eldest = frames.values().iterator().next();
      frames.remove(eldest.request().key());
      bytes -= eldest.message().bytes();
    }
  }

  /** Records a vote of a worker in the roster. */
  public void hear(Reply reply) {
    Kept kept = frames.get(reply.key());
    if (kept != null && reply.outcome() instanceof TopK) {
      kept.replies().putIfAbsent(reply.author().worker(), reply);
    }
  }

  /** Returns a random frame with a reply of the author's current network and session. */
  public Optional<Kept> any(Reply.Author author) {
    List<Kept> answered = new ArrayList<>();
    for (Kept each : frames.values()) {
      Reply reply = each.replies().get(author.worker());
      if (reply != null && reply.author().equals(author)) {
        answered.add(each);
      }
    }
    return answered.isEmpty()
        ? Optional.empty()
        : Optional.of(answered.get(random.nextInt(answered.size())));
  }
}
