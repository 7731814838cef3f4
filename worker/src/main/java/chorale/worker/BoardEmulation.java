package chorale.worker;

import chorale.imaging.ImageRejectedException;
import chorale.protocol.Ticker;
import java.util.Objects;
import java.util.function.LongConsumer;

/**
 * Emulation of a board that is {@code factor} times slower than this machine. The engine runs twice
 * on each input: the first run gives the output, the second run is timed. The worker then waits
 * until {@code factor} times the measured processor time has passed since the first run began.
 *
 * <p>Only the second run is representative. Several emulated boards share one machine and evict
 * each other's caches, which slows the first run; real boards do not share a cache. Waiting uses no
 * processor time, so that emulated boards do not compete for cores. The time that a worker waits
 * for a core is part of the emulated time.
 *
 * <p>Only the calling thread's time counts: emulation is too fast if an inference uses several
 * threads. Immutable; used on the thread that computes.
 *
 * @param factor 1 is this machine itself: the engine runs once, without timing or waiting
 * @param threadCpu processor time of the calling thread, in nanoseconds
 * @param pause waits the given number of nanoseconds, as exactly as possible; returns at once below
 *     0
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
   * @throws ImageRejectedException the image cannot be decoded; thrown as late as on the board
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
