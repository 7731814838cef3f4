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
 * A few recent frames with the replies that they got, to be asked again: at most {@value #MAX}, and
 * {@value #MAX_BYTES} bytes in all, spread over a given time as far as frames come. One owning
 * thread; times are nanoseconds of its ticker.
 */
public final class KeptFrames {
  static final int MAX = 16;
  static final int MAX_BYTES = 4 << 20;

  /** So that a frame is not the only one. */
  static final int MAX_FRAME_BYTES = MAX_BYTES / 4;

  private final long firstGapNanos;
  private final long gapNanos;
  private final RandomGenerator random;
  private final Map<RequestKey, Kept> frames = new LinkedHashMap<>();
  private long bytes;
  private long nextNanos;

  /**
   * A frame as it came, and the first reply of each worker.
   *
   * @param replies by worker; grows while they come
   */
  public record Kept(Request request, Message message, Map<String, Reply> replies) {}

  /**
   * @param firstNanos that the first frames are to cover, until there are as many as may be
   * @param spanNanos that the kept frames are to cover later
   */
  public KeptFrames(long firstNanos, long spanNanos, RandomGenerator random, long nowNanos) {
    this.firstGapNanos = firstNanos / MAX;
    this.gapNanos = spanNanos / MAX;
    this.random = random;
    this.nextNanos = nowNanos;
  }

  /** A frame came; it is kept if it can be sent again in other bytes, and it is time. */
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

  /** A vote of a worker of the roster. */
  public void hear(Reply reply) {
    Kept kept = frames.get(reply.key());
    if (kept != null && reply.outcome() instanceof TopK) {
      kept.replies().putIfAbsent(reply.author().worker(), reply);
    }
  }

  /** Any frame with a reply of the author, by the network and in the session that it has now. */
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
