package chorale.site.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chorale.protocol.Bytes;
import chorale.protocol.Message;
import chorale.protocol.Topics;
import chorale.protocol.bus.MemoryBroker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ReplayerTest {
  private static final long LATEST = Duration.ofSeconds(5).toNanos();

  private final Topics topics = new Topics("torture");
  private final MemoryBroker broker = new MemoryBroker(() -> 0);
  private final Replayer replayer = new Replayer(topics, broker.factory(), 1);
  private final Message reply = Message.of(topics.reply("gate", "V1", "w1"), Bytes.utf8("reply"));

  private long heard() {
    return broker.published().stream()
        .filter(each -> each.payload().equals(reply.payload()))
        .count();
  }

  @Test
  void step_reply_isRepeatedTwiceAtOnceAndOnceLate() {
    replayer.start();
    broker.publish(reply);
    replayer.step(0);
    assertEquals(3, heard());
    replayer.step(LATEST);
    assertEquals(4, heard());
    assertEquals(
        4, broker.published().stream().filter(each -> each.topic().equals(reply.topic())).count());
    replayer.step(2 * LATEST); // does not repeat its own messages
    assertEquals(4, heard());
  }

  @Test
  void step_notStarted_repeatsNothing() {
    broker.publish(reply);
    replayer.step(0);
    replayer.step(LATEST);
    assertEquals(1, heard());
  }

  @Test
  void stop_pendingReplies_areStillPublished() {
    replayer.start();
    broker.publish(reply);
    replayer.step(0);
    replayer.stop();
    broker.publish(reply);
    replayer.step(LATEST);
    assertEquals(5, heard());
  }
}
