package chorale.bench;

import chorale.evaluation.measurement.MeasurementException;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.Inbox;
import java.time.Duration;
import java.util.Optional;

/** What a receiver takes from its inbox, on the thread that waits for it. */
final class Arrivals {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Inbox inbox = new Inbox(1000, 1 << 26);

  Inbox inbox() {
    return inbox;
  }

  void await() throws MeasurementException, InterruptedException {
    awaitEvent(inbox, BusEvent.Delivered.class);
  }

  static <T extends BusEvent> T awaitEvent(Inbox inbox, Class<T> wanted)
      throws MeasurementException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (inbox.await(end - System.nanoTime())) {
      Optional<BusEvent> next = inbox.poll();
      if (next.isPresent() && wanted.isInstance(next.get())) {
        return wanted.cast(next.get());
      }
    }
    throw new MeasurementException(
        "nothing came within " + PATIENCE.toSeconds() + " s: " + wanted.getSimpleName());
  }
}
