package chorale.site.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.Bytes;
import chorale.protocol.Message;
import chorale.protocol.Ranked;
import chorale.protocol.Reply;
import chorale.protocol.ReplyCodec;
import chorale.protocol.RequestKey;
import chorale.protocol.Result;
import chorale.protocol.Result.Answered;
import chorale.protocol.Result.DecidedBy;
import chorale.protocol.Result.Origin;
import chorale.protocol.Result.Status;
import chorale.protocol.ResultCodec;
import chorale.protocol.Role;
import chorale.protocol.StatusCodec;
import chorale.protocol.Topics;
import chorale.protocol.Topics.StatusKind;
import chorale.protocol.bus.MemoryBroker;
import chorale.protocol.bus.ServiceEndedException;
import chorale.site.faults.History.Told;
import chorale.site.faults.History.Vote;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** Tests of the two clients that record a site's messages: the observer and the cameras. */
final class ObserverTest {
  private final Topics topics = new Topics("torture");
  private final MemoryBroker broker = new MemoryBroker(System::nanoTime);
  private final History history = new History();
  private final Observer observer =
      new Observer(topics, history, new Members(List.of("a1")), broker.factory());

  private static Bytes jpeg() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB), "jpg", out);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return Bytes.wrap(out.toByteArray());
  }

  private Cameras cameras() {
    return new Cameras(
        new Cameras.Settings(topics, List.of("gate", "yard"), List.of(jpeg()), 1_000),
        history,
        broker.factory());
  }

  private static Result result(RequestKey key, boolean repeated, Answered... votes) {
    return new Result(
        key,
        "gate",
        Instant.EPOCH,
        Status.NO_ANSWER,
        Optional.empty(),
        Optional.empty(),
        DecidedBy.DEADLINE,
        List.of(votes),
        List.of(),
        List.of(),
        3,
        1_000,
        Optional.empty(),
        Optional.empty(),
        new Origin("a1", 7),
        repeated);
  }

  private static Bytes encoded(Result result) {
    return new ResultCodec().encode(result);
  }

  @Test
  void publish_frames_areDistinctAndObserved() throws ServiceEndedException {
    Cameras cameras = cameras();
    for (int i = 0; i < 5; i++) {
      cameras.publish();
    }
    observer.runOnce();
    Set<RequestKey> published =
        Set.copyOf(history.frames().stream().map(History.Frame::key).toList());
    assertEquals(5, published.size());
    assertEquals(published, history.heard.keySet());
    Message frame = broker.published().get(1);
    assertEquals(topics.image("yard"), frame.topic());
    assertEquals(
        Optional.of(topics.cameraPrefix("yard") + "response"), frame.properties().responseTopic());
  }

  @Test
  void runOnce_repliesAndResults_giveComparableVotes() throws ServiceEndedException {
    RequestKey key = new RequestKey(1, 2);
    Reply.Author author = new Reply.Author("V1", "w1", 1, .35, 96, 2, 3, 4);
    Reply reply =
        new Reply(
            key, "gate", author, new Reply.Outcome.TopK(List.of(new Ranked(1, .8123456789))), 1, 1);
    broker.publish(Message.of(topics.reply("gate", "V1", "w1"), new ReplyCodec().encode(reply)));
    Answered vote = new Answered("w1", "V1", "cat", .8123456789, 1, 1);
    broker.publish(Message.of(topics.result("gate"), encoded(result(key, false, vote))));
    broker.publish(Message.of(topics.result("gate"), encoded(result(key, true, vote))));
    observer.runOnce();
    assertEquals(Map.of(key, Set.of(Vote.of("w1", "V1", .8123456789))), history.replies);
    assertEquals(1, history.told.size()); // without repetitions for a retry
    Told told = history.told.get(0);
    assertEquals(new Origin("a1", 7), told.origin());
    assertEquals(history.replies.get(key), Set.copyOf(told.votes()));
  }

  @Test
  void hear_resultOnTheResponseTopic_isDelivered() {
    Cameras cameras = cameras();
    RequestKey key = new RequestKey(1, 2);
    broker.publish(
        Message.of(topics.cameraPrefix("gate") + "response", encoded(result(key, false))));
    broker.publish(
        Message.of(topics.cameraPrefix("gate") + "response", encoded(result(key, true))));
    cameras.hear();
    assertEquals(Set.of(key), history.delivered.keySet());
    assertEquals(Set.of(new Origin("a1", 7)), history.delivered.get(key).keySet());
  }

  @Test
  void hear_connectionLost_camerasWereAway() {
    Cameras cameras = cameras();
    cameras.hear();
    history.camerasAway.clear();
    broker.stop();
    broker.start();
    cameras.hear();
    assertEquals(2, history.camerasAway.size());
    assertEquals(history.camerasAway.get(0).to(), history.camerasAway.get(1).from());
  }

  @Test
  void runOnce_malformedResult_isInvented() throws ServiceEndedException {
    broker.publish(Message.of(topics.result("gate"), Bytes.utf8("{")));
    observer.runOnce();
    assertEquals(Violation.Kind.INVENTED, history.noted.get(0).kind());
  }

  @Test
  void runOnce_workerOnline_isPresent() throws ServiceEndedException {
    String topic = topics.status(Role.WORKER, "w1", StatusKind.AVAILABILITY);
    broker.publish(Message.retained(topic, StatusCodec.OFFLINE));
    observer.runOnce();
    assertTrue(history.present.isEmpty());
    broker.publish(Message.retained(topic, StatusCodec.ONLINE));
    observer.runOnce();
    assertEquals("w1", history.present.get(0).name());
  }
}
