package chorale.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.broker.WaitingMessages.Entry;
import chorale.broker.WaitingMessages.Pool;
import com.hivemq.mqtt.message.QoS;
import com.hivemq.mqtt.message.publish.PUBLISHFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WaitingMessagesTest {
  private static final int SIZE = 1_000;

  /** Creates a message; its size in memory is a little more than its payload. */
  private static Entry message(String topic) {
    return new Entry(
        new PUBLISHFactory.Mqtt5Builder()
            .withTopic(topic)
            .withPayload(new byte[SIZE])
            .withQoS(QoS.AT_LEAST_ONCE)
            .withOnwardQos(QoS.AT_LEAST_ONCE)
            .withHivemqId("test")
            .build(),
        false);
  }

  private static boolean offer(WaitingMessages waiting, String topic) {
    Entry entry = message(topic);
    boolean room = waiting.hasRoom(topic, entry.bytes());
    if (room) {
      waiting.add(entry);
    }
    return room;
  }

  private static List<String> poll(WaitingMessages waiting, int count) {
    List<String> topics = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      topics.add(waiting.poll().orElseThrow().publish().getTopic());
    }
    return topics;
  }

  @Test
  void poll_severalTopics_takeTurns() {
    WaitingMessages waiting = new WaitingMessages(new Pool(1 << 20, 1 << 20), new AtomicLong());
    for (String topic : List.of("a", "a", "a", "b", "c", "b")) {
      assertTrue(offer(waiting, topic));
    }

    assertEquals(List.of("a", "b", "c", "a", "b", "a"), poll(waiting, 6));
    assertEquals(Optional.empty(), waiting.poll());
  }

  @Test
  void hasRoom_oneTopicFloods_othersStillHaveSpace() {
    WaitingMessages waiting = new WaitingMessages(new Pool(40 * SIZE, 1 << 20), new AtomicLong());
    int taken = 0;
    while (offer(waiting, "flood")) {
      taken++;
    }

    assertTrue(taken > 10 && taken <= 20, "at most half: " + taken);
    assertTrue(offer(waiting, "calm"));
    assertFalse(offer(waiting, "flood"));
  }

  /** For example, dashboards that are still open on a sleeping machine. */
  @Test
  void hasRoom_poolIsFull_eachClientHasItsMinimum() {
    Pool pool = new Pool(1 << 20, 40 * SIZE);
    WaitingMessages greedy = new WaitingMessages(pool, new AtomicLong());
    for (int i = 0; offer(greedy, "topic" + i); ) {
      i++;
    }
    WaitingMessages other = new WaitingMessages(pool, new AtomicLong());
    assertTrue(offer(other, "t"));
    assertFalse(offer(other, "t"));
    poll(other, 1);
    assertTrue(offer(other, "t"));

    poll(other, 1);
    assertTrue(greedy.removeIf(each -> true) > 10);
    assertEquals(0, pool.used().get());
    assertEquals(0, greedy.count());
  }

  @Test
  void hasRoom_clientsOfOneUser_shareItsLimit() {
    Pool pool = new Pool(40 * SIZE, 1 << 20);
    AtomicLong owned = new AtomicLong();
    WaitingMessages first = new WaitingMessages(pool, owned);
    for (int i = 0; offer(first, "topic" + i); ) {
      i++;
    }
    WaitingMessages second = new WaitingMessages(pool, owned);
    assertFalse(offer(second, "t"));
    assertTrue(offer(new WaitingMessages(pool, new AtomicLong()), "t"), "another user");

    first.removeIf(each -> true);
    assertEquals(0, owned.get());
    assertTrue(offer(second, "t"));
  }

  @Test
  void oldestMillis_ofATopic_isThatOfItsFirstMessage() {
    WaitingMessages waiting = new WaitingMessages(new Pool(1 << 20, 1 << 20), new AtomicLong());
    assertEquals(Long.MAX_VALUE, waiting.oldestMillis("a"));
    Entry first = message("a");
    waiting.add(first);
    offer(waiting, "a");

    assertEquals(first.publish().getTimestamp(), waiting.oldestMillis("a"));
    poll(waiting, 2);
    assertEquals(Long.MAX_VALUE, waiting.oldestMillis("a"));
  }

  @Test
  void removeIf_someOfATopic_keepsTheOthersInOrder() {
    WaitingMessages waiting = new WaitingMessages(new Pool(1 << 20, 1 << 20), new AtomicLong());
    for (String topic : List.of("a", "b", "a")) {
      offer(waiting, topic);
    }
    assertEquals(1, waiting.removeIf(each -> each.getTopic().equals("b")));

    assertEquals(2, waiting.count());
    assertEquals(List.of("a", "a"), poll(waiting, 2));
  }
}
