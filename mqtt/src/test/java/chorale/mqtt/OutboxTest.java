package chorale.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.Bytes;
import chorale.protocol.Message;
import chorale.protocol.MessageProperties;
import chorale.protocol.Qos;
import chorale.protocol.bus.PublishException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class OutboxTest {
  /** Records what is sent and acknowledges on request. */
  private static final class Wire implements Outbox.Link {
    private final List<String> sent = new ArrayList<>();
    private final List<Consumer<Optional<PublishException>>> taken = new ArrayList<>();

    @Override
    public void send(Message message, Consumer<Optional<PublishException>> whenTaken) {
      sent.add(message.topic());
      taken.add(whenTaken);
    }

    private void acknowledge(int index) {
      taken.get(index).accept(Optional.empty());
    }
  }

  private long nowNanos;
  private final Outbox outbox = new Outbox(3, 100, () -> nowNanos);
  private final Wire wire = new Wire();

  private static Message message(String topic) {
    return Message.of(topic, Bytes.wrap(new byte[10]));
  }

  private static Message atMostOnce(String topic) {
    return new Message(topic, Bytes.EMPTY, Qos.AT_MOST_ONCE, false, MessageProperties.NONE);
  }

  private static boolean isDone(CompletionStage<Void> stage) {
    return stage.toCompletableFuture().isDone();
  }

  private static String failure(CompletionStage<Void> stage) {
    assertTrue(isDone(stage));
    return assertThrows(ExecutionException.class, () -> stage.toCompletableFuture().get())
        .getCause()
        .getMessage();
  }

  @Test
  void offer_morePermitsThanMessages_sendsAtOnceInOrder() {
    outbox.attach(wire, 3);
    var first = outbox.offer(message("1"));
    var unused = outbox.offer(message("2"));
    assertEquals(List.of("1", "2"), wire.sent);
    wire.acknowledge(0);
    assertTrue(isDone(first));
  }

  @Test
  void offer_noPermitLeft_waitsForAnAcknowledgment() {
    outbox.attach(wire, 1);
    var unused = List.of(outbox.offer(message("1")), outbox.offer(message("2")));
    assertEquals(List.of("1"), wire.sent);
    wire.acknowledge(0);
    assertEquals(List.of("1", "2"), wire.sent);
  }

  @Test
  void offer_queueFull_fails() {
    var unused = List.of(outbox.offer(message("1")), outbox.offer(message("2")));
    assertFalse(isDone(outbox.offer(message("3"))));
    assertTrue(failure(outbox.offer(message("4"))).contains("outbox full: 3 messages"));
  }

  @Test
  void offer_tooManyBytes_failsUnlessTheQueueIsEmpty() {
    Message large = Message.of("large", Bytes.wrap(new byte[101]));
    assertFalse(isDone(outbox.offer(large)));
    assertTrue(failure(outbox.offer(message("2"))).contains("101 bytes"));
  }

  @Test
  void offer_atMostOnceWithoutLink_fails() {
    assertTrue(failure(outbox.offer(atMostOnce("1"))).contains("no connection"));
  }

  @Test
  void detach_inFlightAndWaiting_areSentAgainInOrder() {
    outbox.attach(wire, 2);
    var first = outbox.offer(message("1"));
    var unused = List.of(outbox.offer(message("2")), outbox.offer(message("3")));
    outbox.detach(false, "the connection was lost");
    wire.acknowledge(0);
    assertFalse(isDone(first), "an acknowledgment of a lost connection is ignored");
    Wire next = new Wire();
    outbox.attach(next, 3);
    assertEquals(List.of("1", "2", "3"), next.sent);
    next.acknowledge(0);
    assertTrue(isDone(first));
  }

  @Test
  void detach_atMostOnceInFlight_fails() {
    outbox.attach(wire, 2);
    var lost = outbox.offer(atMostOnce("1"));
    outbox.detach(false, "the connection was lost");
    assertTrue(failure(lost).contains("connection was lost"));
  }

  @Test
  void detach_blamedRepeatedly_failsTheMessageAndKeepsLaterOnes() {
    var culprit = outbox.offer(message("1"));
    var behind = outbox.offer(message("2"));
    for (int i = 0; i < 3; i++) {
      assertFalse(isDone(culprit));
      outbox.attach(wire, 1);
      outbox.detach(true, "not authorized");
    }
    assertEquals("not authorized", failure(culprit));
    outbox.attach(wire, 1);
    assertEquals(List.of("1", "1", "1", "2"), wire.sent);
    assertFalse(isDone(behind));
  }

  @Test
  void attach_expiredMessage_failsInsteadOfBeingSent() {
    MessageProperties expiry = MessageProperties.NONE.withExpirySeconds(2);
    nowNanos = 5;
    var stale = outbox.offer(message("1").with(expiry));
    nowNanos = 6;
    var fresh = outbox.offer(message("2").with(expiry));
    nowNanos = 2_000_000_005L;
    outbox.attach(wire, 2);
    assertEquals(List.of("2"), wire.sent);
    assertTrue(failure(stale).contains("expired"));
    assertFalse(isDone(fresh));
  }

  @Test
  void send_linkAnswersAtOnce_sendsAllInOrder() {
    List<String> sent = new ArrayList<>();
    var unused =
        List.of(outbox.offer(message("1")), outbox.offer(message("2")), outbox.offer(message("3")));
    outbox.attach(
        (message, taken) -> {
          sent.add(message.topic());
          taken.accept(Optional.empty());
        },
        1);
    assertEquals(List.of("1", "2", "3"), sent);
  }

  @Test
  void close_remainingAndLaterMessages_fail() {
    outbox.attach(wire, 1);
    var flying = outbox.offer(message("1"));
    var waiting = outbox.offer(message("2"));
    outbox.close("over");
    assertEquals("over", failure(flying));
    assertEquals("over", failure(waiting));
    assertEquals("over", failure(outbox.offer(message("3"))));
  }
}
