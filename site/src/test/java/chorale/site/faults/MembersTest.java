package chorale.site.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chorale.protocol.AggregatorInfo.State;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MembersTest {
  private static final Duration NOW = Duration.ZERO;

  private final Members members = new Members(List.of("a1", "a2"));

  private static long seconds(double seconds) {
    return (long) (seconds * 1e9);
  }

  private void ready(String name, double atSeconds) {
    members.heard(name, State.READY, seconds(atSeconds));
    members.heard(name, true, seconds(atSeconds));
  }

  @Test
  void able_readyAndOnline_sinceBoth() {
    members.heard("a1", State.READY, seconds(1));
    assertEquals(List.of(), members.able(NOW, seconds(1)));
    members.heard("a1", true, seconds(2));
    assertEquals(List.of("a1"), members.able(NOW, seconds(2)));
    assertEquals(List.of(), members.able(Duration.ofSeconds(2), seconds(3.9)));
    assertEquals(List.of("a1"), members.able(Duration.ofSeconds(2), seconds(4)));
  }

  @Test
  void able_afterAFault_onceItAnnouncesReadyAgain() {
    ready("a1", 1);
    members.strike("a1", seconds(5));
    members.heard("a1", State.READY, seconds(6)); // sent before it was stopped
    members.release("a1", seconds(7));
    assertEquals(List.of(), members.able(NOW, seconds(7)));
    members.heard("a1", State.JOINING, seconds(7.1));
    members.heard("a1", State.READY, seconds(8));
    assertEquals(List.of("a1"), members.able(NOW, seconds(8)));
    assertEquals(
        List.of(new Span(seconds(1), seconds(5)), new Span(seconds(8), seconds(9))),
        members.spans(seconds(9)).get("a1"));
    assertEquals(0, members.rejoined());
  }

  @Test
  void able_undetectedFault_isAbleAfterAWhile() {
    ready("a1", 1);
    members.strike("a1", seconds(5));
    members.release("a1", seconds(5.25));
    members.advance(seconds(8.125));
    assertEquals(List.of(), members.able(NOW, seconds(8.125)));
    members.advance(seconds(8.25));
    assertEquals(List.of("a1"), members.able(NOW, seconds(8.25)));
  }

  @Test
  void rejoined_withoutAFault_isCounted() {
    ready("a1", 1);
    members.heard("a1", State.JOINING, seconds(2));
    assertEquals(1, members.rejoined());
    assertEquals(List.of(), members.able(NOW, seconds(2)));
  }

  @Test
  void forget_noMemberIsAbleUntilNewMessages() {
    ready("a1", 1);
    ready("a2", 1);
    members.forget(seconds(3));
    assertEquals(List.of(), members.able(NOW, seconds(3)));
    ready("a2", 4);
    assertEquals(List.of("a2"), members.able(NOW, seconds(4)));
  }
}
