package chorale.worker;

import chorale.imaging.ImageRejectedException;
import chorale.protocol.Ticker;
import java.util.Objects;
import java.util.function.LongConsumer;

/**
 * A board that is {@code factor} times slower than this machine, for a worker to stand for. The
 * engine runs twice on each input: the first run gives the output, the second one is timed. The
 * worker then waits until {@code factor} times that processor time has passed since it began.
 *
 * <p>Only a second run is representative: several emulated boards empty each other's caches on the
 * one machine that they share, so the first run is slow for reasons that no board of its own has.
 * Waiting costs no processor time, so boards do not compete for this machine's cores, and the time
 * for which a worker waits for a core is part of the emulated time rather than added to it.
 *
 * <p>Only the calling thread's time counts: an inference on several threads would be waited for too
 * shortly. Immutable; used on the thread that works.
 *
 * @param factor 1 is this machine itself: the engine runs once, no time is read and nothing waits
 * @param threadCpu processor time of the calling thread, in nanoseconds
 * @param pause waits so many nanoseconds, as exactly as it can; not at all below 0
 */
public record BoardEmulation(double factor, Ticker ticker, Ticker threadCpu, LongConsumer pause) {
  /** No emulation: this machine is the board. */
  public static final BoardEmulation NONE = new BoardEmulation(1, () -> 0, () -> 0, nanos -> {});

  public BoardEmulation {
    Objects.requireNonNull(ticker, "ticker");
    Objects.requireNonNull(threadCpu, "threadCpu");
    Objects.requireNonNull(pause, "pause");
    if (!(factor >= 1 && factor <= 1_000)) {
      throw new IllegalArgumentException("board factor " + factor + " (allowed: 1 to 1000)");
    }
  }

  /**
   * Runs the engine, and returns when the board would have finished.
   *
   * @throws ImageRejectedException the image's fault, as late as on the board
   */
  Engine.Output run(Engine engine, Engine.Input input) throws ImageRejectedException {
    if (factor == 1) {
      return engine.run(input);
    }
    long begun = ticker.nanos();
    long worked = threadCpu.nanos();
    try {
      Engine.Output output = engine.run(input);
      worked = threadCpu.nanos();
      engine.run(input);
      return output;
    } finally {
      long board = Math.round(factor * (threadCpu.nanos() - worked));
      pause.accept(board - (ticker.nanos() - begun));
    }
  }
}
