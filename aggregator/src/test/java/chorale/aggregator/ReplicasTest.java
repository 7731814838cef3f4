package chorale.aggregator;

import static chorale.aggregator.Rig.MILLI;
import static chorale.aggregator.Rig.author;
import static chorale.aggregator.Rig.error;
import static chorale.aggregator.Rig.key;
import static chorale.aggregator.Rig.topk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.Assignment;
import chorale.protocol.CapturedLog;
import chorale.protocol.RendezvousHash;
import chorale.protocol.Replica;
import chorale.protocol.Reply.Outcome;
import chorale.protocol.ReplyError;
import chorale.protocol.RequestKey;
import chorale.protocol.Result;
import chorale.protocol.Result.DecidedBy;
import chorale.protocol.Result.MissingReason;
import chorale.protocol.Result.Status;
import chorale.protocol.Role;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** V1 on two boards that share the requests, and V2 on one. */
final class ReplicasTest {
  private static final List<String> SHARERS = List.of("a", "b");

  private final Rig rig = new Rig(Rig.patient());

  private Rig site() {
    SHARERS.forEach(each -> rig.worker("V1", each, Assignment.SHARED_VARIANT));
    rig.worker("V2", "c");
    rig.turn();
    return rig;
  }

  /** Publishes a frame that belongs to the given replica; all benchmarks are equal. */
  private static String imageOf(String owner) {
    return imageOf(owner, 0);
  }

  private static String imageOf(String owner, int from) {
    for (int i = from; ; i++) {
      RequestKey key = key("image " + i);
      if (!Replica.isForAll(key) && RendezvousHash.owner(key, SHARERS).equals(Optional.of(owner))) {
        return "image " + i;
      }
    }
  }

  /** Publishes a frame that both replicas answer. */
  private static String imageOfAll(int from) {
    for (int i = from; ; i++) {
      if (Replica.isForAll(key("image " + i))) {
        return "image " + i;
      }
    }
  }

  private void vote(RequestKey key, String variant, String worker, Object... ranked) {
    rig.reply(key, author(variant, worker), topk(ranked));
    rig.turn();
  }

  // ---- the expected set

  @Test
  void frame_ofOneReplica_isDecidedByItsVote() {
    RequestKey key = site().frame(imageOf("b"));
    vote(key, "V2", "c", 1, .9);
    assertEquals(0, rig.results().size());
    vote(key, "V1", "b", 1, .9);
    assertEquals(DecidedBy.ALL, rig.result().decidedBy());
    assertEquals(Status.ANSWERED, rig.result().status());
  }

  @Test
  void error_ofTheOwner_endsTheWait() {
    RequestKey key = site().frame(imageOf("b"));
    vote(key, "V2", "c", 1, .9);
    rig.reply(key, author("V1", "b"), error(ReplyError.OVERLOADED));
    rig.turn();
    assertEquals(MissingReason.ERROR, rig.result().missing().get(0).reason());
  }

  @Test
  void lastWill_ofTheOwner_endsTheWait() {
    RequestKey key = site().frame(imageOf("b"));
    vote(key, "V2", "c", 1, .9);
    rig.availability("a", false);
    rig.turn();
    assertEquals(0, rig.results().size(), "a does not answer this frame");
    rig.availability("b", false);
    rig.turn();
    assertEquals(MissingReason.OFFLINE, rig.result().missing().get(0).reason());
  }

  @Test
  void lastWill_ofOneReplica_makesTheOtherExpected() {
    site().availability("b", false);
    RequestKey key = rig.frame(imageOf("b"));
    vote(key, "V2", "c", 1, .9);
    assertEquals(0, rig.results().size());
    vote(key, "V1", "a", 1, .9);
    assertEquals(Status.ANSWERED, rig.result().status());
  }

  @Test
  void frameForAll_isDecidedByTheFirstVoteOfTheVariant() {
    RequestKey key = site().frame(imageOfAll(0));
    vote(key, "V2", "c", 1, .9);
    rig.reply(key, author("V1", "b"), error(ReplyError.OVERLOADED));
    rig.turn();
    assertEquals(0, rig.results().size(), "a may still vote");
    vote(key, "V1", "a", 1, .9);
    assertEquals(DecidedBy.ALL, rig.result().decidedBy());
    assertEquals(List.of(), rig.result().missing());
  }

  /** A worker is not charged for windows that only the other replica had to answer. */
  @Test
  void silentOwner_onlyItIsChargedAndTheOtherStandsIn() {
    site();
    int at = 0;
    for (int i = 0; i < Roster.MISSES; i++) {
      String image = imageOf("b", at);
      at = Integer.parseInt(image.substring(6)) + 1;
      RequestKey key = rig.frame(image);
      vote(key, "V2", "c", 1, .9);
      rig.after(101 * MILLI).turn();
      Result last = rig.results().get(i);
      assertEquals(DecidedBy.DEADLINE, last.decidedBy());
      assertEquals(MissingReason.NO_REPLY, last.missing().get(0).reason());
    }
    RequestKey own = rig.frame(imageOf("a"));
    vote(own, "V2", "c", 1, .9);
    assertEquals(Roster.MISSES, rig.results().size(), "a is waited for");
    vote(own, "V1", "a", 1, .9);
    assertEquals(Roster.MISSES + 1, rig.results().size());

    RequestKey key = rig.frame(imageOf("b", at));
    vote(key, "V2", "c", 1, .9);
    assertEquals(Roster.MISSES + 1, rig.results().size(), "a may have taken over");
    vote(key, "V1", "a", 1, .9);
    assertEquals(Status.ANSWERED, rig.results().get(Roster.MISSES + 1).status());
  }

  @Test
  void reconnect_expectsTheOwnerAmongAllRetainedWorkers() {
    site();
    rig.broker.cut("chorale-aggregator-main");
    rig.broker.restore("chorale-aggregator-main");
    RequestKey key = rig.frame(imageOf("a"));
    vote(key, "V2", "c", 1, .9);
    assertEquals(0, rig.results().size());
    vote(key, "V1", "a", 1, .9);
    assertEquals(Status.ANSWERED, rig.result().status());
  }

  /** A replica that answers every request is always expected, besides the owner. */
  @Test
  void replicaThatAnswersAll_isExpectedBesideTheOwner() {
    site().worker("V1", "d");
    RequestKey key = rig.frame(imageOf("b"));
    vote(key, "V2", "c", 1, .9);
    rig.availability("b", false);
    rig.turn();
    assertEquals(0, rig.results().size());
    vote(key, "V1", "d", 1, .9);
    assertEquals("d", rig.result().answered().get(0).worker());
  }

  // ---- agreement

  private void bothVote(RequestKey key, Object... second) {
    vote(key, "V1", "a", 1, .7, 2, .2);
    vote(key, "V1", "b", second);
  }

  @Test
  void twoReplies_withinTheTolerance_agree() {
    bothVote(site().frame(imageOfAll(0)), 1, .70009, 2, .19991);
    assertEquals(1, rig.count("replicas_agreed"));
    assertEquals(0, rig.count("replicas_disagreed"));
    assertEquals(1, rig.count("accepted"));
    assertEquals(1, rig.count("redundant"));
  }

  @Test
  void twoReplies_beyondTheTolerance_disagreeAndAreNamedOnce() {
    try (CapturedLog log = new CapturedLog(ReplicaCheck.class)) {
      site();
      String first = imageOfAll(0);
      bothVote(rig.frame(first), 1, .70011, 2, .2);
      bothVote(rig.frame(imageOfAll(Integer.parseInt(first.substring(6)) + 1)), 1, .9, 2, .05);
      assertEquals(2, rig.count("replicas_disagreed"));
      assertEquals(0, rig.count("replicas_agreed"));
      assertEquals(1, log.lines().size(), () -> String.join("\n", log.lines()));
      String line = log.lines().get(0);
      assertTrue(line.startsWith("workers a and b disagree about request "), line);
      assertTrue(line.contains("of V1,") && line.contains("up to 0.00011 (allowed: 0.0001)"), line);
    }
  }

  @Test
  void secondReply_afterTheDecision_isComparedTheSame() {
    site();
    rig.broker.publish(Rig.availabilityOf(Role.WORKER, "c", false));
    RequestKey key = rig.frame(imageOfAll(0));
    vote(key, "V1", "a", 1, .7, 2, .2);
    assertEquals(1, rig.results().size());
    vote(key, "V1", "b", 1, .6, 2, .2);
    rig.after(2_000 * MILLI).turn();
    assertEquals(1, rig.count("replicas_disagreed"));
    assertEquals(1, rig.count("late"));
  }

  @Test
  void twoReplies_beforeTheirFrame_areComparedOnce() {
    site();
    String image = imageOfAll(0);
    bothVote(key(image), 1, .7, 2, .2);
    rig.frame(image);
    rig.turn();
    assertEquals(1, rig.count("replicas_agreed"));
    assertEquals(0, rig.count("replicas_disagreed"));
  }

  @Test
  void replies_ofOtherRequestsAndErrors_areNotCompared() {
    site();
    bothVote(rig.frame(imageOf("a")), 1, .1, 2, .05);
    RequestKey key = rig.frame(imageOfAll(0));
    vote(key, "V1", "a", 1, .7, 2, .2);
    rig.reply(key, author("V1", "b"), error(ReplyError.DAMAGED));
    vote(key, "V2", "c", 1, .1, 2, .05);
    vote(key, "V1", "a", 1, .1, 2, .05);
    assertEquals(0, rig.count("replicas_disagreed") + rig.count("replicas_agreed"));
  }

  @Test
  void difference_ofTruncatedLists_isTheSmallestPossible() {
    // The second place is a tie within the tolerance: either class may be missing.
    assertEquals(.00005, difference(topk(1, .8, 2, .1), topk(1, .8, 3, .10005)), 1e-9);
    // Missing in the other list, where it has at most .1: .3 is too much.
    assertEquals(.2, difference(topk(1, .6, 2, .3), topk(1, .6, 3, .1)), 1e-9);
    assertEquals(.7, difference(topk(1, .9, 2, .05), topk(3, .75, 1, .2)), 1e-9);
    assertEquals(0, difference(topk(1, .6, 2, .3), topk(1, .6)), 1e-9, "fewer places");
    assertEquals(.2, difference(topk(1, .8), topk(2, .6)), 1e-9);
  }

  private static double difference(Outcome one, Outcome two) {
    return ReplicaCheck.difference(((Outcome.TopK) one).ranked(), ((Outcome.TopK) two).ranked());
  }
}
