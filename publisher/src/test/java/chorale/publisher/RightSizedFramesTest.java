package chorale.publisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.config.PublisherSettings;
import chorale.imaging.ImageDecoder;
import chorale.imaging.ImageRejectedException;
import chorale.imaging.TestPictures;
import chorale.protocol.Assignment;
import chorale.protocol.Bytes;
import chorale.protocol.Calibration;
import chorale.protocol.Digests;
import chorale.protocol.Message;
import chorale.protocol.Reply;
import chorale.protocol.ReplyCodec;
import chorale.protocol.RequestKey;
import chorale.protocol.ResultCodec;
import chorale.protocol.Role;
import chorale.protocol.StatusCodec;
import chorale.protocol.Topics;
import chorale.protocol.Topics.StatusKind;
import chorale.protocol.WorkerInfo;
import chorale.protocol.bus.MemoryBroker;
import chorale.protocol.bus.ServiceEndedException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** A publisher that follows the fleet, one frame a turn. */
class RightSizedFramesTest {
  private static final Bytes LARGE = TestPictures.encoded("png", RightSizeTest.gradient(640, 480));
  private static final long INTERVAL = Duration.ofMillis(100).toNanos();

  private final Topics topics = new Topics("home");
  private final StatusCodec status = new StatusCodec();
  private long nanos = Long.MAX_VALUE - INTERVAL;
  private final MemoryBroker broker = new MemoryBroker(() -> nanos);
  private Bytes image = LARGE;

  private final ImageSource source =
      new ImageSource() {
        @Override
        public Next next() {
          return new Next.Ready(new Image("a.png", Optional.empty(), image));
        }

        @Override
        public OptionalInt total() {
          return OptionalInt.empty();
        }
      };

  @Test
  void frame_fleetKnown_isOfItsLargestInput() throws Exception {
    announce("a", 96);
    announce("b", 160);
    Publisher publisher = settled();

    assertEquals(160, side(next(publisher)));
    assertEquals(
        Optional.of("image/jpeg"), frames().get(frames().size() - 1).properties().contentType());
    assertTrue(
        publisher.report().traffic().frameBytes() < publisher.report().traffic().imageBytes());
  }

  @Test
  void frame_fleetChanges_follows() throws Exception {
    announce("a", 96);
    Publisher publisher = settled();
    assertEquals(96, side(next(publisher)));

    announce("b", 224);
    assertEquals(224, side(next(publisher)));

    availability("b", StatusCodec.OFFLINE);
    assertEquals(96, side(next(publisher)));

    availability("a", StatusCodec.OFFLINE);
    assertEquals(LARGE, next(publisher).payload());
  }

  @Test
  void frame_justSubscribedOrNobodyThere_isTheImage() throws Exception {
    announce("a", 96);
    Publisher publisher = open();
    publisher.runOnce();
    assertEquals(LARGE, frames().get(0).payload());
    nanos += FleetFit.SETTLE.toNanos() - 1;
    publisher.runOnce();
    assertEquals(LARGE, frames().get(1).payload());

    nanos += INTERVAL;
    publisher.runOnce();
    assertEquals(96, side(frames().get(2)));
  }

  @Test
  void frame_afterAReconnect_isLearntAnew() throws Exception {
    announce("a", 96);
    Publisher publisher = settled();
    broker.stop();
    broker.start();
    announce("b", 128);

    nanos += FleetFit.SETTLE.toNanos();
    publisher.runOnce();
    nanos += FleetFit.SETTLE.toNanos();

    assertEquals(128, side(next(publisher)));
  }

  @Test
  void frame_notReadable_isSentForTheWorkersToRefuse() throws Exception {
    announce("a", 96);
    Publisher publisher = settled();
    image = Bytes.utf8("no image");

    assertEquals(image, next(publisher).payload());
  }

  @Test
  void result_ofARightSizedFrame_finishesItsRequest() throws Exception {
    announce("a", 96);
    Publisher publisher = settled();
    Message frame = next(publisher);
    RequestKey key = RequestKey.of("gate", frame.properties().correlation(), frame.payload());
    long before = publisher.report().results();

    broker.publish(
        Message.retained(
            topics.result("gate"), new ResultCodec().encode(Results.answered(key, "gate", "cat"))));
    publisher.runOnce();

    assertEquals(before + 1, publisher.report().results());
    assertEquals(0, publisher.strangers());
  }

  private Publisher open() {
    return new Publisher(
        new PublisherSettings(
            "gate", Duration.ofNanos(INTERVAL), 100, Optional.empty(), Optional.empty(), true, 85),
        new Publisher.Dependencies(topics, broker.factory(), () -> nanos, 42),
        source,
        new PublishListener() {
          @Override
          public void finished(Outcome outcome) {}

          @Override
          public void skipped(String imageName, String reason) {}
        });
  }

  private Publisher settled() throws ServiceEndedException {
    Publisher publisher = open();
    publisher.runOnce();
    nanos += FleetFit.SETTLE.toNanos();
    return publisher;
  }

  private Message next(Publisher publisher) throws ServiceEndedException {
    int before = frames().size();
    nanos += INTERVAL;
    publisher.runOnce();
    assertEquals(before + 1, frames().size());
    return frames().get(before);
  }

  private List<Message> frames() {
    return broker.published(topics.image("gate"));
  }

  private static int side(Message frame) throws ImageRejectedException {
    return new ImageDecoder(1_000_000).decode(frame.payload()).width();
  }

  private void announce(String worker, int inputSize) {
    List<String> classes = List.of("cat", "dog");
    Reply.Author author =
        new Reply.Author(
            "V" + inputSize,
            worker,
            1,
            .35,
            inputSize,
            2,
            Digests.prefix(Digests.ofClasses(classes)),
            7);
    WorkerInfo info =
        new WorkerInfo(
            author,
            "pets",
            classes,
            1,
            1,
            Calibration.NONE,
            Assignment.VARIANT,
            ReplyCodec.SCHEMA,
            "test");
    broker.publish(
        Message.retained(topics.status(Role.WORKER, worker, StatusKind.INFO), status.encode(info)));
    availability(worker, StatusCodec.ONLINE);
  }

  private void availability(String worker, Bytes payload) {
    broker.publish(
        Message.retained(topics.status(Role.WORKER, worker, StatusKind.AVAILABILITY), payload));
  }
}
