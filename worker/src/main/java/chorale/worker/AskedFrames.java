package chorale.worker;

import chorale.protocol.Address;
import chorale.protocol.Ask;
import chorale.protocol.AskCodec;
import chorale.protocol.Assignment;
import chorale.protocol.Bytes;
import chorale.protocol.IgnoredReason;
import chorale.protocol.Judgment;
import chorale.protocol.MalformedException;
import chorale.protocol.ReplyError;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.Subscription;
import chorale.worker.Job.Spent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The strategy of a worker of a later tier. It buffers the frames of all cameras ({@link
 * FrameBuffer}) and replies only to those that an aggregator asks about. Owned by the worker's
 * thread.
 */
public final class AskedFrames implements WorkerStrategy {
  private final AllFrames frames;
  private final FrameBuffer kept;

  /**
   * @param frames holds the assignment
   * @param maxBytes maximum total size of the kept frames
   */
  public AskedFrames(AllFrames frames, long maxBytes) {
    this.frames = frames;
    this.kept = new FrameBuffer(maxBytes);
  }

  @Override
  public Assignment assignment() {
    return frames.assignment();
  }

  @Override
  public List<Subscription> subscriptions() {
    List<Subscription> all = new ArrayList<>(frames.subscriptions());
    all.add(Subscription.live(frames.topics().askFilter(assignment().tier().number())));
    return all;
  }

  @Override
  public Judgment<Job> judge(Address address, BusEvent.Delivered delivered) {
    if (address instanceof Address.Ask ask) {
      return judgeAsk(ask.camera(), delivered);
    }
    Judgment<Job> judgment = frames.judge(address, delivered);
    if (judgment instanceof Judgment.Accepted<Job> accepted) {
      kept.add(accepted.value());
      return new Judgment.Ignored<>(IgnoredReason.NOT_ASKED);
    }
    return judgment;
  }

  private Judgment<Job> judgeAsk(String camera, BusEvent.Delivered delivered) {
    if (delivered.message().retain()) {
      return new Judgment.Ignored<>(IgnoredReason.RETAINED);
    }
    Ask ask;
    try {
      ask = AskCodec.decode(delivered.message().payload());
    } catch (MalformedException e) {
      return new Judgment.Ignored<>(IgnoredReason.MALFORMED);
    }
    Optional<Job> frame = kept.find(ask.key()).filter(job -> job.camera().equals(camera));
    if (frame.isEmpty()) {
      return new Judgment.Failed<>(
          job(ask, camera, 1, new Engine.Image(Bytes.EMPTY), delivered),
          ReplyError.FRAME_GONE,
          "this worker does not hold the frame, or no longer holds it");
    }
    return new Judgment.Accepted<>(
        job(ask, camera, frame.get().k(), frame.get().input(), delivered));
  }

  private static Job job(
      Ask ask, String camera, int k, Engine.Input input, BusEvent.Delivered delivered) {
    return new Job(
        ask.key(), camera, ask.leftMillis(), k, Spent.NOTHING, input, delivered.arrivedNanos());
  }

  @Override
  public void publish(Job job, Engine.Output output, Spent spent, ReplyPublisher publisher) {
    frames.publish(job, output, spent, publisher);
  }
}
