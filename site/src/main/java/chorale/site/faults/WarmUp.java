package chorale.site.faults;

import chorale.protocol.bus.ServiceEndedException;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * A warm-up of the site: it publishes frames until new processes respond quickly, and can measure
 * the site's maximum rate. Used by one thread.
 */
final class WarmUp {
  static final double RATE = 20;

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** The processes are warm after this number of consecutive fast results. */
  private static final int RESULTS = 100;

  private static final Duration SOON = Duration.ofMillis(300);

  /** Number of frames in flight while the maximum rate is measured. */
  private static final int IN_FLIGHT = 32;

  private static final Duration SATURATED = Duration.ofSeconds(15);

  private final History history;
  private final Cameras cameras;
  private final Turn turn;
  private final BooleanSupplier stopped;

  /** A turn that handles received messages and waits a moment. */
  interface Turn {
    void run() throws InterruptedException, ServiceEndedException;
  }

  WarmUp(History history, Cameras cameras, Turn turn, BooleanSupplier stopped) {
    this.history = history;
    this.cameras = cameras;
    this.turn = turn;
    this.stopped = stopped;
  }

  /** Runs until the last results were all fast, or a time limit has passed. */
  void run() throws InterruptedException, ServiceEndedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    do {
      turn.run();
    } while (!isWarm() && end - System.nanoTime() > 0 && !stopped.getAsBoolean());
  }

  private boolean isWarm() {
    int heard = history.told.size();
    return heard >= RESULTS
        && history.told.subList(heard - RESULTS, heard).stream()
            .allMatch(
                told ->
                    told.isAnswer()
                        && history.heard.containsKey(told.key())
                        && told.atNanos() - history.heard.get(told.key()) < SOON.toNanos());
  }

  /** Returns the results per second while frames are always waiting. */
  double saturate() throws InterruptedException, ServiceEndedException {
    cameras.setRate(RATE / 10); // replaces frames without a result
    int begun = history.told.size();
    long began = System.nanoTime();
    int sent = 0;
    while (System.nanoTime() - began < SATURATED.toNanos() && !stopped.getAsBoolean()) {
      for (; sent < IN_FLIGHT + history.told.size() - begun; sent++) {
        cameras.publish();
      }
      turn.run();
    }
    return (history.told.size() - begun) / ((System.nanoTime() - began) / 1e9);
  }
}
