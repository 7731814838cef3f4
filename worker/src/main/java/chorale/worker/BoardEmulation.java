package chorale.worker;

import chorale.imaging.ImageRejectedException;
import chorale.protocol.Ticker;
import java.util.Objects;
import java.util.function.LongConsumer;

/**
 * An emulation of a board that is {@code factor} times slower than this machine. The engine runs
 * twice on each input: the first run gives the output, the second run is timed. The worker then
 * waits until {@code factor} times the measured processor time has passed since the first run
 * began.
 *
 * <p>The first run is too slow for timing: other emulated boards on this machine evict the network
 * from the processor's caches, which real boards do not share. Waiting leaves the cores to the
 * other boards. The time that a worker waits for a core is part of the emulated time.
 *
 * <p>The measured processor time is that of the calling thread. If an inference uses several
 * threads, the emulated board is therefore too fast. Immutable; {@link #run} is called on the
 * thread that computes.
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
