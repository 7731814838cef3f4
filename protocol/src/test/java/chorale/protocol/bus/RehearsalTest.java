package chorale.protocol.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.Bytes;
import chorale.protocol.Message;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;

class RehearsalTest {
  private static final long MILLI = 1_000_000L;
  private static final Message REQUEST = Message.of("request", Bytes.utf8("?"));
  private static final Message ANSWER = Message.of("answer", Bytes.utf8("!"));

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final Rehearsal rehearsal =
      new Rehearsal(number -> List.of(REQUEST), said -> said.topic().equals("answer"), nanos::get);

  @Test
  void run_noLongerFaster_ends() throws Exception {
    Echo echo = new Echo(request -> request < 40 ? (50 - request) * MILLI / 10 : MILLI);
    rehearsal.run(echo);
    assertTrue(echo.requests > 40, "still getting faster after " + echo.requests);
    assertTrue(echo.requests <= 80, "not faster after 40, continued to " + echo.requests);
  }

  @Test
  void run_slowRequests_endsAfterAboutOneSecond() throws Exception {
    Echo echo = new Echo(request -> 300 * MILLI);
    rehearsal.run(echo);
    assertEquals(4, echo.requests);
  }

  @Test
  void run_noAnswer_ends() throws Exception {
    long begun = nanos.get();
    rehearsal.run(new Echo(request -> -100 * MILLI));
    assertTrue(nanos.get() - begun < 2_000 * MILLI);
  }

  /**
   * A service that answers each request after so many nanoseconds; if negative, it waits as long
   * and does not answer.
   */
  private final class Echo implements Service {
    private final IntToLongFunction takes;
    private final Inbox inbox = new Inbox(100, 1_000_000);
    private final Bus bus = rehearsal.buses().open(Session.of("echo", List.of()), inbox);
    private int requests;

    private Echo(IntToLongFunction takes) {
      this.takes = takes;
    }

    @Override
    public long runOnce() {
      for (Optional<BusEvent> event = inbox.poll(); event.isPresent(); event = inbox.poll()) {
        if (event.get() instanceof BusEvent.Delivered) {
          long time = takes.applyAsLong(requests++);
          nanos.addAndGet(Math.abs(time));
          if (time > 0) {
            var unused = bus.publish(ANSWER);
          }
        }
      }
      nanos.addAndGet(MILLI / 10);
      return 0;
    }

    @Override
    public Inbox inbox() {
      return inbox;
    }

    @Override
    public void close() {}
  }
}
