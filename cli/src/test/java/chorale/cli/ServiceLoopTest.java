package chorale.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.Service;
import chorale.protocol.bus.ServiceEndedException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class ServiceLoopTest {
  private static final long FOR_EVER = Long.MAX_VALUE;

  /** A service that records its events, ends when the bus ends, and has no due time. */
  private static final class Recorder implements Service {
    final Inbox inbox = new Inbox(8, 1024);
    final List<BusEvent> seen = new ArrayList<>();

    @Override
    public long runOnce() throws ServiceEndedException {
      for (var event = inbox.poll(); event.isPresent(); event = inbox.poll()) {
        seen.add(event.get());
        if (event.get() instanceof BusEvent.Ended ended) {
          throw new ServiceEndedException(ended.reason());
        }
      }
      return FOR_EVER;
    }

    @Override
    public Inbox inbox() {
      return inbox;
    }

    @Override
    public void close() {}
  }

  @Test
  void run_stopRequestedByAnotherThread_returns() throws Exception {
    Recorder service = new Recorder();
    Stop stop = new Stop();
    Thread other = new Thread(stop::request);
    other.start();

    ServiceLoop.run(service, stop, () -> false);

    other.join();
    assertTrue(stop.isRequested());
  }

  @Test
  void run_eventArrives_takesATurn() throws Exception {
    Recorder service = new Recorder();
    Thread other = new Thread(() -> service.inbox().offer(new BusEvent.Subscribed()));
    other.start();

    ServiceLoop.run(service, new Stop(), () -> !service.seen.isEmpty());

    other.join();
    assertEquals(List.of(new BusEvent.Subscribed()), service.seen);
  }

  @Test
  void run_serviceEnded_throwsItsReason() {
    Recorder service = new Recorder();
    service.inbox().offer(new BusEvent.Ended("taken over"));

    ServiceEndedException ended =
        assertThrows(
            ServiceEndedException.class, () -> ServiceLoop.run(service, new Stop(), () -> false));
    assertEquals("taken over", ended.getMessage());
  }

  @Test
  void stop_parentEnded_isRequested() throws Exception {
    Stop stop = new Stop();
    PipedInputStream ours = new PipedInputStream();
    PipedOutputStream parents = new PipedOutputStream(ours);
    stop.onEndOf(ours);
    assertFalse(stop.isRequested());

    parents.close();

    await().until(stop::isRequested);
  }

  @Test
  void stop_requestedBeforeTheActionIsSet_runsTheAction() {
    Stop stop = new Stop();
    stop.onEndOf(InputStream.nullInputStream());
    await().until(stop::isRequested);
    List<String> woken = new ArrayList<>();

    stop.onRequest(() -> woken.add("now"));

    assertEquals(List.of("now"), woken);
  }

  /** A halt would end the process of these tests. */
  @Test
  void stop_requestedTwiceWithinAProcess_doesNotHaltIt() {
    Stop stop = new Stop();
    List<String> woken = new ArrayList<>();
    stop.onRequest(() -> woken.add("once"));

    stop.request();
    stop.request();

    assertEquals(List.of("once"), woken);
  }
}
