package chorale.publisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.config.PublisherSettings;
import chorale.imaging.ImageDecoder;
import chorale.imaging.ImageRejectedException;
import chorale.imaging.TestPictures;
import chorale.protocol.Bytes;
import chorale.protocol.Limits;
import chorale.protocol.Message;
import chorale.protocol.RequestKey;
import chorale.protocol.ResultCodec;
import chorale.protocol.StatusCodec;
import chorale.protocol.Topics;
import chorale.protocol.bus.MemoryBroker;
import chorale.protocol.bus.ServiceEndedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** A publisher that adapts frames to the fleet, one frame per turn. */
class RightSizedFramesTest {
  private static final Bytes LARGE = TestPictures.encoded("png", RightSizeTest.gradient(640, 480));
  private static final long INTERVAL = Duration.ofMillis(100).toNanos();

  private final Topics topics = new Topics("home");
  private long nanos = Long.MAX_VALUE - INTERVAL;
  private final MemoryBroker broker = new MemoryBroker(() -> nanos);
  private final AnnouncedWorkers workers = new AnnouncedWorkers(broker, topics);
  private final List<String> skipped = new ArrayList<>();
  private Bytes image = LARGE;

  /** An endless source, except for images that are too large. */
  private final ImageSource source =
      new ImageSource() {
        @Override
        public Next next() {
          return skipped.isEmpty()
              ? new Next.Ready(new Image("a.png", Optional.empty(), image))
              : new Next.Ended();
        }

        @Override
        public OptionalInt total() {
          return OptionalInt.empty();
        }
      };

  @Test
  void frame_fleetKnown_hasTheSizeOfItsLargestInput() throws Exception {
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
  void frame_fleetChanges_isResized() throws Exception {
    announce("a", 96);
    Publisher publisher = settled();
    assertEquals(96, side(next(publisher)));

    announce("b", 224);
    assertEquals(224, side(next(publisher)));

    workers.availability("b", StatusCodec.OFFLINE);
    assertEquals(96, side(next(publisher)));

    workers.availability("a", StatusCodec.OFFLINE);
    assertEquals(96, side(next(publisher)), "the last known size");
  }

  @Test
  void frame_justSubscribed_waitsForTheWholeFleet() throws Exception {
    announce("a", 96);
    Publisher publisher = open();
    assertEquals(PublisherFleet.SETTLE.toNanos(), publisher.runOnce());
    announce("b", 160);
    nanos += PublisherFleet.SETTLE.toNanos() - 1;
    publisher.runOnce();
    assertEquals(List.of(), frames());

    nanos += 1;
    publisher.runOnce();
    assertEquals(160, side(frames().get(0)));
  }

  @Test
  void frame_noWorkerOnline_waitsForTheFirstWorker() throws Exception {
    Publisher publisher = open();
    publisher.runOnce();
    nanos += PublisherFleet.TELL_AFTER.toNanos();
    publisher.runOnce();
    assertEquals(List.of(), frames());

    announce("a", 96);
    publisher.runOnce();
    assertEquals(96, side(frames().get(0)));
  }

  @Test
  void frame_moreThan4MiB_isShrunk() throws Exception {
    announce("a", 96);
    Publisher publisher = settled();
    image = TestPictures.encoded("png", RightSizeTest.noise(1_400, 1_200));
    assertTrue(image.size() > Limits.MAX_IMAGE_BYTES);
    assertEquals(96, side(next(publisher)));
  }

  @Test
  void frame_moreThan4MiBAndUnreadable_isSkipped() throws Exception {
    announce("a", 96);
    image = Bytes.wrap(new byte[Limits.MAX_IMAGE_BYTES + 1]);
    Publisher publisher = settled();
    publisher.runOnce();

    assertEquals(List.of(), frames());
    assertEquals(List.of("larger than 4 MiB, and cannot be read to make it smaller"), skipped);
  }

  @Test
  void frame_afterAReconnect_learnsTheFleetAgain() throws Exception {
    announce("a", 96);
    Publisher publisher = settled();
    broker.stop();
    broker.start();
    announce("b", 128);

    nanos += PublisherFleet.SETTLE.toNanos();
    publisher.runOnce();
    nanos += PublisherFleet.SETTLE.toNanos();

    assertEquals(128, side(next(publisher)));
  }

  @Test
  void frame_unreadable_isSentSoThatWorkersReply() throws Exception {
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
          public void skipped(String imageName, String reason) {
            skipped.add(reason);
          }
        });
  }

  private Publisher settled() throws ServiceEndedException {
    Publisher publisher = open();
    publisher.runOnce();
    nanos += PublisherFleet.SETTLE.toNanos();
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
    workers.announce(worker, inputSize, "cat", "dog");
  }
}
