package chorale.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import chorale.protocol.Address;
import chorale.protocol.Ask;
import chorale.protocol.AskCodec;
import chorale.protocol.Assignment;
import chorale.protocol.Bytes;
import chorale.protocol.IgnoredReason;
import chorale.protocol.Judgment;
import chorale.protocol.Message;
import chorale.protocol.MessageProperties;
import chorale.protocol.ReplyError;
import chorale.protocol.RequestKey;
import chorale.protocol.RequestRules;
import chorale.protocol.Stage;
import chorale.protocol.Strategy;
import chorale.protocol.Tier;
import chorale.protocol.Topics;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.Subscription;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class AskedFramesTest {
  private static final Topics TOPICS = new Topics("home");
  private static final long MILLI = 1_000_000;
  private static final int FRAME_BYTES = 1_000;

  private final AskedFrames tier =
      new AskedFrames(
          new AllFrames(
              new Assignment(
                  Strategy.VARIANT, Stage.WHOLE, false, List.of(), new Tier(2, List.of())),
              TOPICS,
              new RequestRules(TOPICS, RequestRules.Defaults.STANDARD, List.of())),
          3 * FRAME_BYTES);

  private long now = Long.MAX_VALUE - MILLI;

  private Judgment<Job> hear(Message message) {
    return tier.judge(TOPICS.parse(message.topic()), new BusEvent.Delivered(message, now));
  }

  private RequestKey frame(String id) {
    Bytes image = Bytes.wrap(new byte[FRAME_BYTES]);
    Optional<Bytes> correlation = Optional.of(Bytes.utf8(id));
    assertEquals(
        new Judgment.Ignored<Job>(IgnoredReason.NOT_ASKED),
        hear(
            Message.of(TOPICS.image("gate"), image)
                .with(
                    MessageProperties.NONE
                        .withCorrelation(correlation)
                        .withUser(RequestRules.K, "5"))));
    return RequestKey.of("gate", correlation, image);
  }

  private Judgment<Job> ask(RequestKey key) {
    return hear(Message.of(TOPICS.ask("gate", 2), AskCodec.encode(new Ask(key, 700))));
  }

  private void assertGone(RequestKey key) {
    Judgment.Failed<?> failed = assertInstanceOf(Judgment.Failed.class, ask(key));
    assertEquals(ReplyError.FRAME_GONE, failed.error());
    assertEquals(key, ((Job) failed.value()).key());
  }

  @Test
  void subscriptions_areFramesAndItsOwnTier() {
    assertEquals(
        List.of(
            Subscription.live("chorale/home/camera/+/image"),
            Subscription.live("chorale/home/camera/+/ask/2")),
        tier.subscriptions());
  }

  @Test
  void ask_aboutAKeptFrame_isAJobWithTheTimeLeft() {
    RequestKey key = frame("one");
    now += 300 * MILLI;

    Job job =
        assertInstanceOf(Judgment.Accepted.class, ask(key)).value() instanceof Job j ? j : null;

    assertEquals(key, job.key());
    assertEquals("gate", job.camera());
    assertEquals(5, job.k());
    assertEquals(700 * MILLI, job.leftNanos(now));
    assertEquals(FRAME_BYTES, job.input().bytes());
  }

  @Test
  void ask_again_isAnsweredAgain() {
    RequestKey key = frame("one");

    assertInstanceOf(Judgment.Accepted.class, ask(key));
    assertInstanceOf(Judgment.Accepted.class, ask(key));
  }

  @Test
  void ask_aboutAFrameThatNeverArrived_isGone() {
    assertGone(new RequestKey(1, 2));
  }

  @Test
  void ask_afterMoreBytesThanAllowed_oldestAreGone() {
    RequestKey first = frame("1");
    frame("2");
    frame("3");
    RequestKey last = frame("4");

    assertGone(first);
    assertInstanceOf(Judgment.Accepted.class, ask(last));
  }

  @Test
  void ask_afterTheFramesBudget_isGone() {
    RequestKey first = frame("1");
    now += 1_001 * MILLI;
    frame("2");

    assertGone(first);
  }

  @Test
  void ask_ofAnotherCamera_isGone() {
    RequestKey key = frame("one");
    Message other = Message.of(TOPICS.ask("door", 2), AskCodec.encode(new Ask(key, 700)));

    assertInstanceOf(Judgment.Failed.class, hear(other));
  }

  @Test
  void malformedMessage_isCountedAndIgnored() {
    assertEquals(
        new Judgment.Ignored<Job>(IgnoredReason.MALFORMED),
        hear(Message.of(TOPICS.ask("gate", 2), Bytes.utf8("garbage"))));
    assertEquals(
        new Judgment.Ignored<Job>(IgnoredReason.INVALID_NAME),
        tier.judge(
            new Address.InvalidName(Address.Form.ASK),
            new BusEvent.Delivered(Message.of("chorale/home/camera/?/ask/2", Bytes.EMPTY), now)));
  }
}
