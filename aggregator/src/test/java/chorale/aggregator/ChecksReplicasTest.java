package chorale.aggregator;

import static chorale.aggregator.Rig.CAMERA;
import static chorale.aggregator.Rig.MILLI;
import static chorale.aggregator.Rig.TOPICS;
import static chorale.aggregator.Rig.author;
import static chorale.aggregator.Rig.topk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.Assignment;
import chorale.protocol.Bytes;
import chorale.protocol.Message;
import chorale.protocol.RendezvousHash;
import chorale.protocol.Replica;
import chorale.protocol.Reply.Outcome;
import chorale.protocol.RequestKey;
import chorale.protocol.Result;
import chorale.protocol.Result.DecidedBy;
import chorale.protocol.Result.MissingReason;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Disagreeing replicas: V1 on boards that share the requests, V2 on one board. */
final class ChecksReplicasTest {
  private static final Outcome HONEST = topk(1, .9, 2, .05);
  private static final Outcome LIE = topk(3, .8, 1, .1);

  private Rig rig;
  private int frames;

  private void site(int liars, String... sharers) {
    rig = new Rig(Rig.withstanding(liars));
    for (String each : sharers) {
      rig.worker("V1", each, Assignment.SHARED_VARIANT);
    }
    rig.worker("V2", "v");
    rig.turn();
  }

  /** Publishes a frame that all replicas answer. */
  private RequestKey frameOfAll() {
    while (!Replica.isForAll(RequestKey.of(CAMERA, Optional.empty(), ChecksTest.jpeg(frames)))) {
      frames++;
    }
    return frame();
  }

  private RequestKey frame() {
    Bytes image = ChecksTest.jpeg(frames++);
    rig.broker.publish(Message.of(TOPICS.image(CAMERA), image));
    rig.turn();
    return RequestKey.of(CAMERA, Optional.empty(), image);
  }

  private void vote(RequestKey key, String worker, Outcome outcome) {
    rig.reply(key, author(worker.equals("v") ? "V2" : "V1", worker), outcome);
    rig.turn();
  }

  private void pass(long millis) {
    for (long i = 0; i < millis; i += 100) {
      rig.after(100 * MILLI).turn();
    }
  }

  private List<Message> images() {
    return rig.broker.published(TOPICS.image(CAMERA));
  }

  private boolean isQuarantined(String worker) {
    List<Message> said = rig.broker.published(TOPICS.trust(worker));
    return !said.isEmpty()
        && said.get(said.size() - 1).payload().utf8().contains("\"state\":\"quarantined\"");
  }

  @Test
  void three_theOddOneFails_inAnyOrder() {
    for (List<String> order : List.of(List.of("x", "a", "b"), List.of("a", "x", "b"))) {
      site(1, "a", "b", "x");
      RequestKey key = frameOfAll();
      vote(key, "v", HONEST);
      order.forEach(each -> vote(key, each, each.equals("x") ? LIE : HONEST));
      assertTrue(isQuarantined("x"), order::toString);
      assertEquals(1, rig.count("quarantined"));
      assertEquals(1, rig.count("checks_wrong"));
    }
  }

  @Test
  void three_withTwoPossibleLiars_areChecked_andNoneIsVotedOut() {
    site(2, "honest", "x", "y");
    RequestKey key = frameOfAll();
    vote(key, "v", HONEST);
    vote(key, "honest", HONEST);
    vote(key, "x", LIE);
    vote(key, "y", LIE);
    assertEquals(0, rig.count("quarantined"));
    pass(3_000);
    assertEquals(2, images().size(), "all replicas were checked at once");
    RequestKey check = RequestKey.of(CAMERA, Optional.empty(), images().get(1).payload());
    vote(check, "honest", HONEST);
    vote(check, "x", HONEST);
    vote(check, "y", LIE);
    assertTrue(isQuarantined("x"), "its second vote differed");
    assertEquals(1, rig.count("quarantined"), "a check cannot detect a consistent liar");
  }

  /** One liar more than assumed: the liars vote out one board and no more. */
  @Test
  void coalition_largerThanAssumed_votesOutNoMoreThanTheLimit() {
    site(1, "a", "b", "x", "y", "z");
    for (int i = 0; i < 5; i++) {
      RequestKey key = frameOfAll();
      vote(key, "v", HONEST);
      vote(key, "x", LIE);
      vote(key, "y", LIE);
      vote(key, "z", LIE);
      vote(key, "a", HONEST);
      vote(key, "b", HONEST);
    }
    assertEquals(1, rig.count("quarantined"));
    assertTrue(isQuarantined("a"));
  }

  @Test
  void two_thatDisagree_areCheckedAtOnce_butRarely() {
    site(1, "a", "x");
    for (int i = 0; i < 3; i++) {
      RequestKey key = frameOfAll();
      vote(key, "v", HONEST);
      vote(key, "a", HONEST);
      vote(key, "x", LIE);
      pass(5_000);
    }
    assertEquals(4, images().size(), "three frames of the camera, one check");
    assertEquals(0, rig.count("quarantined"));
    List<RequestKey> keys =
        images().stream()
            .map(each -> RequestKey.of(CAMERA, Optional.empty(), each.payload()))
            .toList();
    assertTrue(keys.stream().allMatch(Replica::isForAll), "the check is for all replicas too");
  }

  /** The other replicas do not detect the quarantine, so that the owner's share gets no vote. */
  @Test
  void ownerInQuarantine_neitherItNorItsReplicasAreWaitedFor() {
    site(1, "a", "b", "x");
    RequestKey first = frameOfAll();
    vote(first, "v", HONEST);
    List.of("a", "b", "x").forEach(each -> vote(first, each, each.equals("x") ? LIE : HONEST));
    RequestKey key = frame();
    while (!RendezvousHash.owner(key, List.of("a", "b", "x")).equals(Optional.of("x"))
        || Replica.isForAll(key)) {
      key = frame();
    }
    vote(key, "x", LIE);
    vote(key, "v", HONEST);
    List<Result> all = rig.results();
    Result result = all.get(all.size() - 1);
    assertEquals(key, result.requestId());
    assertEquals(DecidedBy.ALL, result.decidedBy());
    assertEquals(MissingReason.QUARANTINED, result.missing().get(0).reason());
    assertEquals(List.of("x"), result.quarantined());
  }
}
