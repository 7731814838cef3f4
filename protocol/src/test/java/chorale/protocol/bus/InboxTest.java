package chorale.protocol.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.Bytes;
import chorale.protocol.Message;
import chorale.protocol.MessageProperties;
import chorale.protocol.Request;
import chorale.protocol.RequestKey;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InboxTest {
  private static BusEvent delivered(int number, int size) {
    return new BusEvent.Delivered(Message.of("t/" + number, Bytes.wrap(new byte[size])), number);
  }

  private static String topic(Inbox inbox) {
    return ((BusEvent.Delivered) inbox.poll().orElseThrow()).message().topic();
  }

  @Test
  void offer_tooManyMessages_dropsAndCountsTheOldest() {
    Inbox inbox = new Inbox(2, 1_000);
    for (int i = 0; i < 5; i++) {
      inbox.offer(delivered(i, 1));
    }
    assertEquals(3, inbox.dropped());
    assertEquals("t/3", topic(inbox));
    assertEquals("t/4", topic(inbox));
    assertTrue(inbox.poll().isEmpty());
  }

  @Test
  void offer_tooManyBytes_dropsTheOldest() {
    Inbox inbox = new Inbox(100, 100);
    inbox.offer(delivered(0, 60));
    inbox.offer(delivered(1, 60));
    assertEquals(1, inbox.dropped());
    assertEquals("t/1", topic(inbox));
  }

  @Test
  void offer_oneTopicFloods_keepsTheMessagesOfOthers() {
    Inbox inbox = new Inbox(100, 100);
    inbox.offer(delivered(1, 10));
    for (int i = 0; i < 20; i++) {
      inbox.offer(delivered(0, 30));
    }
    inbox.offer(delivered(2, 10));
    assertEquals("t/1", topic(inbox));
    assertEquals("t/0", topic(inbox));
    assertEquals("t/0", topic(inbox));
    assertEquals("t/2", topic(inbox));
    assertTrue(inbox.poll().isEmpty());
    assertEquals(18, inbox.dropped());
  }

  @Test
  void offer_droppedFrame_isReplacedByShed() {
    Request request =
        new Request(
            new RequestKey(1, 2),
            "gate",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            1_000,
            2,
            Optional.empty());
    Inbox inbox =
        new Inbox(
            2,
            100,
            given ->
                given.message().topic().equals("t/0")
                    ? Optional.of(new BusEvent.Shed(request, given.arrivedNanos()))
                    : Optional.empty());
    inbox.offer(delivered(0, 60));
    inbox.offer(delivered(1, 60));
    assertEquals("t/1", topic(inbox));
    assertEquals(request, ((BusEvent.Shed) inbox.poll().orElseThrow()).request());
    assertEquals(0, inbox.dropped());

    for (int i = 0; i < 4; i++) {
      inbox.offer(delivered(0, 60));
    }
    assertEquals(1 + 2, inbox.size(), "at most as many replacements as messages");
    assertEquals(1, inbox.dropped());
  }

  @Test
  void offer_bytesInProperties_count() {
    Inbox inbox = new Inbox(100, 100);
    inbox.offer(delivered(0, 60));
    Message small =
        Message.of("t/1", Bytes.EMPTY)
            .with(MessageProperties.NONE.withCorrelation(Optional.of(Bytes.wrap(new byte[60]))));
    inbox.offer(new BusEvent.Delivered(small, 1));
    assertEquals(1, inbox.dropped());
    assertEquals("t/1", topic(inbox));
    inbox.offer(
        new BusEvent.Delivered(
            Message.of("t/2", Bytes.EMPTY)
                .with(MessageProperties.NONE.withUser("name", "a".repeat(90))),
            2));
    inbox.offer(delivered(3, 1));
    assertEquals("t/3", topic(inbox));
    assertEquals(2, inbox.dropped());
  }

  @Test
  void offer_oneMessageLargerThanTheInbox_isKept() {
    Inbox inbox = new Inbox(100, 100);
    inbox.offer(delivered(0, 500));
    assertEquals("t/0", topic(inbox));
    inbox.offer(delivered(1, 60));
    assertEquals("t/1", topic(inbox));
    assertEquals(0, inbox.dropped());
  }

  @Test
  void offer_fullOfMessages_keepsConnectionEvents() {
    Inbox inbox = new Inbox(1, 1_000);
    inbox.offer(new BusEvent.Connected());
    inbox.offer(delivered(0, 1));
    inbox.offer(new BusEvent.Disconnected("cut"));
    inbox.offer(delivered(1, 1));
    assertInstanceOf(BusEvent.Connected.class, inbox.poll().orElseThrow());
    assertInstanceOf(BusEvent.Disconnected.class, inbox.poll().orElseThrow());
    assertEquals("t/1", topic(inbox));
  }

  @Test
  void await_wokenWithoutEvent_returnsFalse() throws InterruptedException {
    Inbox inbox = new Inbox(1, 1);
    inbox.wake();
    assertFalse(inbox.await(Long.MAX_VALUE));
  }

  @Test
  void await_eventThere_returnsAtOnce() throws InterruptedException {
    Inbox inbox = new Inbox(1, 1);
    inbox.offer(new BusEvent.Connected());
    assertTrue(inbox.await(Long.MAX_VALUE));
  }

  @Test
  void holdsLoss_untilItIsPolled() {
    Inbox inbox = new Inbox(10, 1000);
    inbox.offer(new BusEvent.Connected());
    assertFalse(inbox.holdsLoss());
    inbox.offer(new BusEvent.Disconnected("cut"));
    inbox.offer(new BusEvent.Connected());
    assertTrue(inbox.holdsLoss());
    inbox.poll();
    assertTrue(inbox.holdsLoss());
    inbox.poll();
    assertFalse(inbox.holdsLoss());
  }
}
