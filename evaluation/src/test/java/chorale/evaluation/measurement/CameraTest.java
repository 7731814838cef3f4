package chorale.evaluation.measurement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.Bytes;
import chorale.protocol.Message;
import chorale.protocol.RequestKey;
import chorale.protocol.Result;
import chorale.protocol.ResultCodec;
import chorale.protocol.Topics;
import chorale.protocol.bus.Bus;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.Inbox;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class CameraTest {
  private static final Topics TOPICS = new Topics("home");
  private static final Bytes IMAGE = Bytes.utf8("an image");
  private static final long LATER_NANOS = 5_000_000;

  /** A bus that answers each frame at once, with a result whose arrival time is a little later. */
  private static class Answering implements Bus {
    final Inbox inbox;
    final List<Message> frames = new ArrayList<>();

    Answering(Inbox inbox) {
      this.inbox = inbox;
      inbox.offer(new BusEvent.Connected());
      inbox.offer(new BusEvent.Subscribed());
    }

    @Override
    public CompletionStage<Void> publish(Message message) {
      frames.add(message);
      answer(message);
      return CompletableFuture.completedFuture(null);
    }

    void answer(Message frame) {
      Message result =
          Message.of(TOPICS.result("gate"), new ResultCodec().encode(result(key(frame))));
      inbox.offer(new BusEvent.Delivered(result, System.nanoTime() + LATER_NANOS));
    }

    static RequestKey key(Message frame) {
      return RequestKey.of("gate", frame.properties().correlation(), frame.payload());
    }

    @Override
    public void discardWaiting() {}

    @Override
    public boolean isConnected() {
      return true;
    }

    @Override
    public void close() {}
  }

  private static Result result(RequestKey key) {
    return new Result(
        key,
        "gate",
        Instant.EPOCH,
        Result.Status.ANSWERED,
        Optional.empty(),
        Optional.of(
            new Result.Answer(
                "cat", 3, .9, .8, List.of(), "scaled-sum", 0, List.of(), Optional.empty())),
        Result.DecidedBy.ALL,
        List.of(
            new Result.Answered("w1", "V1", "cat", .8, 1.5, 2),
            new Result.Answered("w2", "V2", "cat", .8, 2.5, 3)),
        List.of(),
        List.of(),
        3,
        1000,
        Optional.empty(),
        Optional.empty(),
        new Result.Origin("main", 7),
        false);
  }

  @Test
  void isAnswered_unsure_dependsOnTheMissingReason() {
    assertTrue(unsure(Result.MissingReason.NOT_NEEDED).isAnswered());
    assertFalse(unsure(Result.MissingReason.OFFLINE).isAnswered());
  }

  private static Response unsure(Result.MissingReason reason) {
    RequestKey key = new RequestKey(1, 2);
    Result whole = result(key);
    Result unsure =
        new Result(
            key,
            whole.camera(),
            whole.ts(),
            Result.Status.UNSURE,
            Optional.empty(),
            whole.answer(),
            whole.decidedBy(),
            whole.answered(),
            List.of(new Result.Missing("V3", reason, Optional.empty())),
            List.of(),
            3,
            1000,
            Optional.empty(),
            Optional.empty(),
            new Result.Origin("main", 7),
            false);
    return new Response(key, 0, 1, Optional.of(unsure));
  }

  @Test
  void ask_answered_isTimedUntilTheResultIsRead() throws Exception {
    try (Camera camera =
        new Camera("gate", TOPICS, 1000, (session, inbox) -> new Answering(inbox))) {
      Response response = camera.ask(IMAGE);

      assertTrue(response.isAnswered());
      assertTrue(response.nanos() >= LATER_NANOS, () -> "" + response);
      assertEquals(2.5, response.workMillis());
    }
  }

  @Test
  void ask_sameImageTwice_isTwoRequests() throws Exception {
    List<Answering> buses = new ArrayList<>();
    try (Camera camera =
        new Camera(
            "gate",
            TOPICS,
            1000,
            (session, inbox) -> {
              buses.add(new Answering(inbox));
              return buses.get(0);
            })) {
      camera.ask(IMAGE);
      camera.ask(IMAGE);
    }

    List<RequestKey> keys = buses.get(0).frames.stream().map(Answering::key).toList();
    assertEquals(2, keys.stream().distinct().count());
  }

  @Test
  void askMany_twoInFlight_neverPublishesAThirdBeforeAResult() throws Exception {
    List<Integer> open = new ArrayList<>();
    try (Camera camera =
        new Camera(
            "gate",
            TOPICS,
            1000,
            (session, inbox) ->
                new Answering(inbox) {
                  private final List<Message> waiting = new ArrayList<>();

                  @Override
                  void answer(Message frame) {
                    waiting.add(frame);
                    open.add(waiting.size());
                    if (waiting.size() == 2) {
                      super.answer(waiting.remove(0));
                    }
                    if (frames.size() == 6) {
                      super.answer(waiting.remove(0));
                    }
                  }
                })) {
      List<Response> responses =
          camera.askMany(List.of(IMAGE, IMAGE, IMAGE, IMAGE, IMAGE, IMAGE), 2);

      assertEquals(6, responses.size());
    }
    assertEquals(List.of(1, 2, 2, 2, 2, 2), open);
  }

  @Test
  void load_delayedFrame_isTimedFromItsDueTime() throws Exception {
    long stallNanos = 30_000_000;
    try (Camera camera =
        new Camera(
            "gate",
            TOPICS,
            1000,
            (session, inbox) ->
                new Answering(inbox) {
                  @Override
                  void answer(Message frame) {
                    super.answer(frame);
                    long start = System.nanoTime();
                    while (frames.size() == 1 && System.nanoTime() - start < stallNanos) {
                      Thread.onSpinWait();
                    }
                  }
                })) {
      List<Response> responses = camera.load(List.of(IMAGE), List.of(0L, 1_000_000L));

      assertTrue(responses.get(1).nanos() >= stallNanos, () -> "" + responses);
    }
  }

  @Test
  void ask_lostConnection_failsWithTheReason() {
    try (Camera camera =
        new Camera(
            "gate",
            TOPICS,
            1000,
            (session, inbox) ->
                new Answering(inbox) {
                  @Override
                  void answer(Message frame) {
                    inbox.offer(new BusEvent.Disconnected("the cable"));
                  }
                })) {
      MeasurementException lost = assertThrows(MeasurementException.class, () -> camera.ask(IMAGE));

      assertTrue(lost.getMessage().contains("the cable"), lost::getMessage);
    }
  }
}
