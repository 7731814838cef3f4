package chorale.publisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.config.PublisherSettings;
import chorale.protocol.Bytes;
import chorale.protocol.Message;
import chorale.protocol.Qos;
import chorale.protocol.RequestKey;
import chorale.protocol.RequestRules;
import chorale.protocol.Result;
import chorale.protocol.Result.Status;
import chorale.protocol.ResultCodec;
import chorale.protocol.Topics;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.MemoryBroker;
import chorale.protocol.bus.ServiceEndedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PublisherTest {
  private static final String CLIENT = "chorale-publisher-gate";
  private static final long MILLI = 1_000_000;

  private final Topics topics = new Topics("home");
  private final ResultCodec codec = new ResultCodec();
  private long nanos = Long.MAX_VALUE - 10 * MILLI;
  private final MemoryBroker broker = new MemoryBroker(() -> nanos);
  private final List<Outcome> outcomes = new ArrayList<>();
  private final List<String> skipped = new ArrayList<>();

  @Test
  void frame_carriesTheUnchangedImageAndItsProperties() throws Exception {
    Publisher publisher =
        open(
            new PublisherSettings(
                "gate",
                Duration.ZERO,
                1,
                Optional.of(Duration.ofMillis(1500)),
                Optional.of(3),
                false,
                85),
            images("a.png"));

    publisher.runOnce();

    Message frame = frames().get(0);
    assertEquals(Bytes.utf8("a.png"), frame.payload());
    assertEquals(Qos.AT_LEAST_ONCE, frame.qos());
    assertFalse(frame.retain());
    assertEquals(Optional.of("image/png"), frame.properties().contentType());
    assertEquals(Optional.of("1500"), frame.properties().user(RequestRules.DEADLINE_MS));
    assertEquals(Optional.of("3"), frame.properties().user(RequestRules.K));
    assertEquals(OptionalInt.of(2), frame.properties().expirySeconds());
    assertEquals("0000002a00000000", frame.properties().correlation().orElseThrow().hex());
  }

  @Test
  void runOnce_sameImageTwice_isTwoRequests() throws Exception {
    Publisher publisher = open(settings(0, 5), images("a", "a"));

    publisher.runOnce();

    assertEquals(2, new HashSet<>(frames().stream().map(PublisherTest::key).toList()).size());
  }

  @Test
  void runOnce_inFlightLimit_publishesOnlyForResults() throws Exception {
    Publisher publisher = open(settings(0, 2), images("a", "b", "c", "d"));

    publisher.runOnce();
    assertEquals(2, frames().size());

    answer(frames().get(1), "cat");
    publisher.runOnce();
    assertEquals(3, frames().size());
    publisher.runOnce();
    assertEquals(3, frames().size());
  }

  @Test
  void runOnce_interval_keepsItToTheNanosecond() throws Exception {
    Publisher publisher = open(settings(40, 5), images("a", "b", "c"));

    assertEquals(40 * MILLI, publisher.runOnce());
    nanos += 40 * MILLI - 1;
    assertEquals(1, publisher.runOnce());
    assertEquals(1, frames().size());
    nanos += 1;
    publisher.runOnce();
    assertEquals(2, frames().size());
  }

  @Test
  void runOnce_afterALongPause_doesNotBurst() throws Exception {
    Publisher publisher = open(settings(40, 5), images("a", "b", "c"));
    publisher.runOnce();
    nanos += 1_000 * MILLI;

    publisher.runOnce();

    assertEquals(2, frames().size());
  }

  @Test
  void runOnce_results_areCountedByStatusAndLabel() throws Exception {
    new AnnouncedWorkers(broker, topics).announce("a", 96, "cat", "dog");
    Publisher publisher =
        open(
            settings(0, 5),
            images(
                labeled("a", "cat"),
                labeled("b", "dog"),
                labeled("c", "dog"),
                unlabeled("d"),
                labeled("e", "cat")));
    publisher.runOnce();
    nanos += 2 * MILLI;
    answer(frames().get(0), "cat");
    answer(frames().get(1), "cat");
    send(Results.noAnswer(key(frames().get(2)), "gate"));
    send(Results.of(key(frames().get(3)), "gate", Status.PARTIAL, Optional.of("ship")));
    send(Results.of(key(frames().get(4)), "gate", Status.UNSURE, Optional.of("cat")));
    nanos += 1;
    publisher.runOnce();

    PublishReport report = publisher.report();
    assertEquals(
        "{\"requests\":5,\"results\":5,\"duplicates\":0,\"answered\":2,\"partial\":1,"
            + "\"unsure\":1,\"no_answer\":1,"
            + "\"labeled\":3,\"correct\":1,\"image_bytes\":5,\"frame_bytes\":5,"
            + "\"latency_ms\":{\"mean\":2.0,\"p50\":2.0,\"p90\":2.0,\"p99\":2.0,\"max\":2.0}}",
        report.toJson());
    assertTrue(report.isComplete());
    assertEquals(
        List.of("a", "b", "c", "d", "e"), outcomes.stream().map(Outcome::imageName).toList());
    assertEquals(Optional.of(true), outcomes.get(0).correct());
    assertEquals(Optional.of(false), outcomes.get(2).correct());
    assertEquals(Optional.empty(), outcomes.get(3).correct());
    assertEquals(
        Optional.empty(), outcomes.get(4).correct(), "unsure is neither correct nor wrong");
  }

  @Test
  void isFinished_onlyAfterTheLingerForDuplicates() throws Exception {
    Publisher publisher = open(settings(0, 1), images("a"));
    publisher.runOnce();
    answer(frames().get(0), "cat");
    publisher.runOnce();
    assertFalse(publisher.isFinished());

    nanos += publisher.runOnce() - 1;
    assertFalse(publisher.isFinished());
    nanos += 1;
    assertTrue(publisher.isFinished());
  }

  @Test
  void runOnce_secondResult_isADuplicateUnlessMarkedRepeated() throws Exception {
    Publisher publisher = open(settings(0, 1), images("a", "b"));
    publisher.runOnce();
    Message frame = frames().get(0);
    answer(frame, "cat");
    answer(frame, "dog");
    send(Results.answered(key(frame), "gate", "cat").asRepeated());

    publisher.runOnce();

    assertEquals(1, publisher.report().duplicates());
    assertEquals(1, outcomes.size());
    assertEquals(Optional.of("cat"), outcomes.get(0).predicted());
  }

  @Test
  void runOnce_resultsOfOthers_areIgnored() throws Exception {
    Publisher publisher = open(settings(0, 1), images("a"));
    publisher.runOnce();
    send(Results.answered(new RequestKey(1, 2), "gate", "cat"));
    broker.publish(Message.of(topics.result("gate"), Bytes.utf8("{}")));

    publisher.runOnce();

    assertEquals(2, publisher.strangers());
    assertEquals(0, publisher.report().results());
  }

  @Test
  void runOnce_noResult_publishesTheSameFrameAgainAfterTheWait() throws Exception {
    Publisher publisher = open(settings(0, 1), images("a"));
    publisher.runOnce();
    nanos += 3_000 * MILLI - 1;
    assertEquals(1, publisher.runOnce());
    assertEquals(1, frames().size());

    nanos += 1;
    publisher.runOnce();
    assertEquals(List.of(frames().get(0), frames().get(0)), frames());

    send(Results.answered(key(frames().get(0)), "gate", "cat").asRepeated());
    publisher.runOnce();
    assertEquals(1, publisher.report().results());
    assertEquals(0, publisher.report().duplicates());
    assertEquals(2, outcomes.get(0).published());
    assertEquals(3_000, outcomes.get(0).latencyMillis());
  }

  @Test
  void runOnce_noResultAtAll_losesTheRequestAfterTwoRepeats() throws Exception {
    new AnnouncedWorkers(broker, topics).announce("a", 96, "cat", "dog");
    Publisher publisher = open(settings(0, 1), images(labeled("a", "cat"), unlabeled("b")));
    publisher.runOnce();
    for (int i = 0; i < 3; i++) {
      nanos += 3_000 * MILLI;
      publisher.runOnce();
    }

    assertEquals(Optional.empty(), outcomes.get(0).result());
    assertEquals(3, frames().stream().filter(frames().get(0)::equals).count());
    assertNotEquals(frames().get(0), frames().get(3));
    PublishReport report = publisher.report();
    assertEquals(2, report.requests());
    assertEquals(0, report.results());
    assertEquals(1, report.labeled());
    assertFalse(report.isComplete());
  }

  @Test
  void runOnce_whileDisconnected_pausesAndContinues() throws Exception {
    Publisher publisher = open(settings(0, 1), images("a", "b"));
    publisher.runOnce();
    broker.cut(CLIENT);
    answer(frames().get(0), "cat");
    nanos += 60_000 * MILLI;
    publisher.runOnce();
    assertEquals(1, frames().size());

    broker.restore(CLIENT);
    publisher.runOnce();

    assertEquals(List.of(frames().get(0), frames().get(0)), frames());
    answer(frames().get(0), "cat");
    publisher.runOnce();
    assertEquals(3, frames().size());
  }

  @Test
  void runOnce_skippedImage_isReported() throws Exception {
    Publisher publisher =
        open(
            settings(0, 1),
            new ListSource(
                List.of(
                    new ImageSource.Next.Skipped("x.jpg", "empty"),
                    new ImageSource.Next.Ready(unlabeled("a")))));

    publisher.runOnce();

    assertEquals(List.of("x.jpg: empty"), skipped);
    assertEquals(1, frames().size());
  }

  @Test
  void runOnce_waitingSource_waitsAndIsNotFinished() throws Exception {
    Publisher publisher =
        open(
            settings(0, 1),
            new ListSource(
                List.of(
                    new ImageSource.Next.Waiting(200 * MILLI),
                    new ImageSource.Next.Ready(unlabeled("a")))));

    assertEquals(200 * MILLI, publisher.runOnce());
    assertFalse(publisher.isFinished());
    nanos += 200 * MILLI;
    publisher.runOnce();
    assertEquals(1, frames().size());
  }

  @Test
  void runOnce_connectionEnded_endsWithTheReason() {
    Publisher publisher = open(settings(0, 1), images("a"));
    publisher.inbox().offer(new BusEvent.Ended("client id " + CLIENT + " was taken over"));

    ServiceEndedException ended = assertThrows(ServiceEndedException.class, publisher::runOnce);

    assertTrue(ended.getMessage().contains(CLIENT), ended::getMessage);
  }

  private Publisher open(PublisherSettings settings, ImageSource source) {
    return new Publisher(
        settings,
        new Publisher.Dependencies(topics, broker.factory(), () -> nanos, 42),
        source,
        new PublishListener() {
          @Override
          public void finished(Outcome outcome) {
            outcomes.add(outcome);
          }

          @Override
          public void skipped(String imageName, String reason) {
            skipped.add(imageName + ": " + reason);
          }
        });
  }

  private static PublisherSettings settings(int intervalMillis, int inFlight) {
    return new PublisherSettings(
        "gate",
        Duration.ofMillis(intervalMillis),
        inFlight,
        Optional.empty(),
        Optional.empty(),
        false,
        85);
  }

  private List<Message> frames() {
    return broker.published(topics.image("gate"));
  }

  private static RequestKey key(Message frame) {
    return RequestKey.of("gate", frame.properties().correlation(), frame.payload());
  }

  private void answer(Message frame, String name) {
    send(Results.answered(key(frame), "gate", name));
  }

  private void send(Result result) {
    broker.publish(Message.retained(topics.result("gate"), codec.encode(result)));
  }

  @Test
  void runOnce_foldersWithoutAClass_areNoLabels() throws Exception {
    new AnnouncedWorkers(broker, topics).announce("a", 96, "cat", "dog");
    Publisher publisher =
        open(settings(0, 5), images(labeled("a", "2026-11-30"), labeled("b", "cat")));
    publisher.runOnce();
    answer(frames().get(0), "dog");
    answer(frames().get(1), "cat");
    publisher.runOnce();

    assertEquals(Optional.of(1.0), publisher.report().accuracy());
    assertEquals(Set.of("2026-11-30"), publisher.otherFolders());
    assertEquals(Optional.empty(), outcomes.get(0).label());
  }

  private static ImageSource images(String... names) {
    return images(List.of(names).stream().map(PublisherTest::unlabeled).toArray(Image[]::new));
  }

  private static ImageSource images(Image... images) {
    List<ImageSource.Next> all = new ArrayList<>();
    for (Image image : images) {
      all.add(new ImageSource.Next.Ready(image));
    }
    return new ListSource(all);
  }

  private static Image unlabeled(String name) {
    return new Image(name, Optional.empty(), Bytes.utf8(name));
  }

  private static Image labeled(String name, String label) {
    return new Image(name, Optional.of(label), Bytes.utf8(name));
  }

  /** Returns these, then that it has ended. */
  private static final class ListSource implements ImageSource {
    private final List<Next> all;
    private int position;

    ListSource(List<Next> all) {
      this.all = all;
    }

    @Override
    public Next next() {
      return position < all.size() ? all.get(position++) : new Next.Ended();
    }

    @Override
    public OptionalInt total() {
      return OptionalInt.of(all.size());
    }
  }
}
