package chorale.site.faults;

import chorale.protocol.bus.ServiceEndedException;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * What comes before a run: frames until processes that have just started answer soon, and where it
 * is asked for, as many as the site can answer. Used by one thread.
 */
final class WarmUp {
  static final double RATE = 20;

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** So many results in a row show that the processes are warm, if each comes so soon. */
  private static final int RESULTS = 100;

  private static final Duration SOON = Duration.ofMillis(300);

  /** How many frames wait for their results while it is measured how many a site can answer. */
  private static final int IN_FLIGHT = 32;

  private static final Duration SATURATED = Duration.ofSeconds(15);

  private final History history;
  private final Cameras cameras;
  private final Turn turn;
  private final BooleanSupplier stopped;

  /** Hears what has come, and waits a moment. */
  interface Turn {
    void run() throws InterruptedException, ServiceEndedException;
  }

  WarmUp(History history, Cameras cameras, Turn turn, BooleanSupplier stopped) {
    this.history = history;
    this.cameras = cameras;
    this.turn = turn;
    this.stopped = stopped;
  }

  /** Until the last results all came soon, or a while has passed. */
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

  /** How many results a second the site gives while frames always wait. */
  double saturate() throws InterruptedException, ServiceEndedException {
    cameras.setRate(RATE / 10); // in place of frames that get no result
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
