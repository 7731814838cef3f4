package chorale.worker;

import chorale.protocol.Ticker;
import java.util.Objects;
import java.util.function.LongConsumer;

/**
 * A board that is {@code factor} times slower than this machine, for a worker to stand for: after
 * its work it waits {@code factor - 1} times the processor time that the work just took. Waiting
 * costs no processor time, so five emulated boards do not fight over two cores, as five slow
 * processes would; and it is as long as the work was, image by image, where a processor quota acts
 * in bursts. Immutable; used on the thread that works.
 *
 * <p>Only the calling thread's time counts: an inference on several threads would be waited for too
 * shortly.
 *
 * @param factor 1 is this machine itself: no time is read and nothing waits
 * @param threadCpu processor time of the calling thread, in nanoseconds
 * @param pause waits so many nanoseconds, as exactly as it can
 */
public record BoardEmulation(double factor, Ticker threadCpu, LongConsumer pause) {
  /** No emulation: this machine is the board. */
  public static final BoardEmulation NONE = new BoardEmulation(1, () -> 0, nanos -> {});

  public BoardEmulation {
    Objects.requireNonNull(threadCpu, "threadCpu");
    Objects.requireNonNull(pause, "pause");
    if (!(factor >= 1 && factor <= 1_000)) {
      throw new IllegalArgumentException("board factor " + factor + " (allowed: 1 to 1000)");
    }
  }

  boolean isOn() {
    return factor > 1;
  }

  /** A mark for {@link #endWork}. */
  long beginWork() {
    return isOn() ? threadCpu.nanos() : 0;
  }

  /** Waits for as long as the board would still be at it. */
  void endWork(long begun) {
    if (isOn()) {
      pause.accept(Math.round((factor - 1) * (threadCpu.nanos() - begun)));
    }
  }
}
