package chorale.aggregator;

import static chorale.aggregator.Rig.CAMERA;
import static chorale.aggregator.Rig.MILLI;
import static chorale.aggregator.Rig.TOPICS;
import static chorale.aggregator.Rig.topk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.config.AggregatorSettings;
import chorale.config.Escalate;
import chorale.protocol.Ask;
import chorale.protocol.AskCodec;
import chorale.protocol.Assignment;
import chorale.protocol.CapturedLog;
import chorale.protocol.Escalation;
import chorale.protocol.Fusion;
import chorale.protocol.MalformedException;
import chorale.protocol.Message;
import chorale.protocol.RendezvousHash;
import chorale.protocol.ReplyError;
import chorale.protocol.RequestKey;
import chorale.protocol.Result;
import chorale.protocol.Result.DecidedBy;
import chorale.protocol.Result.Missing;
import chorale.protocol.Result.MissingReason;
import chorale.protocol.Result.Status;
import chorale.protocol.Stage;
import chorale.protocol.Strategy;
import chorale.protocol.Tier;
import chorale.protocol.TierPlan;
import chorale.protocol.bus.ServiceEndedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** V1 and V2 answer every frame; V3 and V4 are asked if the margin is below 0.4. */
final class TiersTest {
  private static final List<Escalation> PLANS =
      List.of(new Escalation(TierPlan.parse("V1,V2/V3,V4"), List.of(.4)));

  private static final List<String> ORDER = RendezvousHash.order(CAMERA, List.of("a1", "a2"));

  private Rig rig = new Rig();

  private TiersTest tiers(Escalate escalate) {
    rig = new Rig(settings("main", escalate));
    return tiers();
  }

  private TiersTest tiers() {
    announce(PLANS);
    return this;
  }

  private void announce(List<Escalation> plans) {
    for (int i = 1; i <= 4; i++) {
      rig.worker(Rig.variant(i), Rig.worker(i), inTier(i < 3 ? 1 : 2, plans));
    }
    rig.turn();
  }

  static Assignment inTier(int tier, List<Escalation> plans) {
    return new Assignment(Strategy.VARIANT, Stage.WHOLE, false, List.of(), new Tier(tier, plans));
  }

  private static AggregatorSettings settings(String name, Escalate escalate) {
    return settings(name, escalate, Fusion.SCALED_SUM);
  }

  private static AggregatorSettings settings(String name, Escalate escalate, Fusion fusion) {
    AggregatorSettings like = Rig.settings(name, 0, true, 1000);
    return new AggregatorSettings(
        like.name(),
        fusion,
        like.deadline(),
        like.k(),
        like.quorum(),
        like.bound(),
        like.withstand(),
        like.checkEvery(),
        escalate,
        like.minConfidence(),
        like.minMargin(),
        like.steady(),
        like.openWindows(),
        like.remembered(),
        like.responsePrefixes(),
        like.healthEvery(),
        like.strategy(),
        like.models());
  }

  private RequestKey frame(String content) {
    RequestKey key = rig.frame(content);
    rig.turn();
    return key;
  }

  /** Votes for class 1 with this margin over class 2. */
  private void vote(RequestKey key, int number, double margin) {
    rig.reply(key, number, topk(1, .5 + margin / 2, 2, .5 - margin / 2));
    rig.turn();
  }

  private List<Ask> asks(int tier) {
    List<Ask> asks = new ArrayList<>();
    for (Message each : rig.broker.published(TOPICS.ask(CAMERA, tier))) {
      try {
        asks.add(AskCodec.decode(each.payload()));
      } catch (MalformedException e) {
        throw new AssertionError(e);
      }
    }
    return asks;
  }

  private static Optional<Integer> tier(Result result) {
    return result.answer().orElseThrow().tier();
  }

  @Test
  void sureFirstTier_isNotAskedFurther() {
    tiers();
    RequestKey key = frame("one");
    vote(key, 1, .5);
    vote(key, 2, .5);

    Result result = rig.result();
    assertEquals(Status.ANSWERED, result.status());
    assertEquals(DecidedBy.ALL, result.decidedBy());
    assertEquals(Optional.of(1), tier(result));
    assertEquals(
        List.of(
            new Missing("V3", MissingReason.NOT_ASKED, Optional.empty()),
            new Missing("V4", MissingReason.NOT_ASKED, Optional.empty())),
        result.missing());
    assertEquals(List.of(), asks(2));
  }

  @Test
  void unsureFirstTier_asksTheNextOne_whoseVotesJoin() {
    tiers();
    RequestKey key = frame("one");
    rig.after(10 * MILLI);
    vote(key, 1, .2);
    vote(key, 2, .2);

    assertEquals(List.of(), rig.results());
    assertEquals(List.of(new Ask(key, 90)), asks(2));

    rig.reply(key, 3, topk(2, .9, 1, .1));
    rig.reply(key, 4, topk(2, .9, 1, .1));
    rig.turn();

    Result result = rig.result();
    assertEquals(Optional.of(2), tier(result));
    assertEquals(4, result.answered().size());
    assertEquals(2, result.answer().orElseThrow().index());
    assertEquals(List.of(), result.missing());
  }

  @Test
  void voteOfATierThatIsNotAsked_doesNotCount() {
    tiers();
    RequestKey key = frame("one");
    vote(key, 3, 1);
    vote(key, 1, .5);
    vote(key, 2, .5);

    assertEquals(2, rig.result().answered().size());
    assertEquals(1, rig.count("unasked"));
  }

  @Test
  void referenceNetwork_isAcceptedOnlyInALaterTier() {
    for (int tier : List.of(1, 2)) {
      rig = new Rig();
      announce(PLANS);
      rig.worker(Rig.author("V9", "heavy", 1, 224, Rig.CLASSES), Rig.CLASSES, inTier(tier, PLANS));
      rig.turn();
      vote(frame("one"), 2, 1);
      assertEquals(tier == 1 ? 3 : 4, rig.result().missing().size());
    }
  }

  @Test
  void boundInATier_asksNoFurtherTier() {
    tiers();
    RequestKey key = frame("one");
    vote(key, 2, 1); // weight 128 against a missing 96 in its tier

    Result result = rig.result();
    assertEquals(DecidedBy.BOUND, result.decidedBy());
    assertEquals(Optional.of(1), tier(result));
    assertEquals(
        List.of(MissingReason.NOT_NEEDED, MissingReason.NOT_ASKED, MissingReason.NOT_ASKED),
        result.missing().stream().map(Missing::reason).toList());
    assertEquals(List.of(), asks(2));
  }

  @Test
  void silentNextTier_keepsTheAnswer() {
    tiers();
    RequestKey key = frame("one");
    vote(key, 1, .2);
    vote(key, 2, .2);
    rig.after(101 * MILLI).turn();

    Result result = rig.result();
    assertEquals(DecidedBy.DEADLINE, result.decidedBy());
    assertEquals(Status.PARTIAL, result.status());
    assertEquals(1, result.answer().orElseThrow().index());
    assertEquals(Optional.of(2), tier(result));
    assertEquals(
        List.of(MissingReason.NO_REPLY, MissingReason.NO_REPLY),
        result.missing().stream().map(Missing::reason).toList());
  }

  @Test
  void goneFrames_keepTheAnswerAtOnce() {
    tiers();
    RequestKey key = frame("one");
    vote(key, 1, .2);
    vote(key, 2, .2);
    rig.reply(key, 3, Rig.error(ReplyError.FRAME_GONE));
    rig.reply(key, 4, Rig.error(ReplyError.FRAME_GONE));
    rig.turn();

    assertEquals(DecidedBy.ALL, rig.result().decidedBy());
    assertEquals(1, rig.result().answer().orElseThrow().index());
  }

  @Test
  void tooLittleTimeLeft_asksNoFurtherTier() {
    tiers();
    RequestKey key = frame("one");
    rig.after(99 * MILLI);
    vote(key, 1, .2);
    vote(key, 2, .2); // an inference of the next tier takes 1 ms

    assertEquals(Optional.of(1), tier(rig.result()));
    assertEquals(List.of(), asks(2));
  }

  @Test
  void deadFirstTier_asksTheNextOneAtOnce() {
    tiers();
    rig.availability(Rig.worker(1), false);
    rig.availability(Rig.worker(2), false);
    rig.turn();

    RequestKey key = frame("one");

    assertEquals(List.of(new Ask(key, 100)), asks(2));
    vote(key, 3, .2);
    vote(key, 4, .2);
    assertEquals(Status.PARTIAL, rig.result().status());
    assertEquals(2, rig.result().answered().size());
  }

  @Test
  void noFirstTier_asksTheNextOneAtOnce() {
    for (Escalate.By by : List.of(Escalate.By.SET, Escalate.By.MARGIN, Escalate.By.SHARE)) {
      rig = new Rig(settings("main", new Escalate(by, .1)));
      rig.worker(Rig.variant(3), Rig.worker(3), inTier(2, PLANS));
      rig.turn();

      RequestKey key = frame("one");

      assertEquals(List.of(new Ask(key, 100)), asks(2), by.name());
      vote(key, 3, .2);
      assertEquals(Optional.of(2), tier(rig.result()), by.name());
    }
  }

  @Test
  void firstTierLostDuringAWindow_asksTheNextOne() {
    tiers();
    RequestKey key = frame("one");
    rig.availability(Rig.worker(1), false);
    rig.availability(Rig.worker(2), false);
    rig.turn();

    assertEquals(List.of(new Ask(key, 100)), asks(2));
  }

  @Test
  void deadNextTier_isNotWaitedFor() {
    tiers();
    rig.availability(Rig.worker(3), false);
    rig.availability(Rig.worker(4), false);
    rig.turn();
    RequestKey key = frame("one");
    vote(key, 1, .2);
    vote(key, 2, .2);

    assertEquals(DecidedBy.ALL, rig.result().decidedBy());
    assertEquals(List.of(), asks(2));
    assertEquals(
        List.of(MissingReason.OFFLINE, MissingReason.OFFLINE),
        rig.result().missing().stream().map(Missing::reason).toList());
  }

  @Test
  void lostBoardOfAPlan_keepsItsThresholds() {
    announce(List.of(new Escalation(TierPlan.parse("V1,V2,V5/V3,V4,V6"), List.of(.4))));
    RequestKey key = frame("one");
    vote(key, 1, .2);
    vote(key, 2, .2);

    assertEquals(1, asks(2).size());
  }

  @Test
  void setWithoutThresholds_warnsOnce_andAsksNoFurtherTier() {
    try (CapturedLog log = new CapturedLog(Escalator.class)) {
      announce(List.of());
      for (String content : List.of("one", "two")) {
        RequestKey key = frame(content);
        vote(key, 1, 0);
        vote(key, 2, 0);
      }

      assertEquals(List.of(), asks(2));
      assertEquals(1, log.lines().size(), log.lines().toString());
      assertTrue(log.lines().get(0).contains("V1,V2/V3,V4"), log.lines().toString());
    }
  }

  @Test
  void escalateOff_asksNoFurtherTier() {
    tiers(new Escalate(Escalate.By.OFF, 0));
    RequestKey key = frame("one");
    vote(key, 1, 0);
    vote(key, 2, 0);

    assertEquals(List.of(), asks(2));
    assertEquals(Optional.of(1), tier(rig.result()));
  }

  @Test
  void escalateMargin_overridesTheSetsThresholds() {
    tiers(new Escalate(Escalate.By.MARGIN, .1));
    RequestKey key = frame("one");
    vote(key, 1, .2);
    vote(key, 2, .2);
    assertEquals(List.of(), asks(2));

    RequestKey other = frame("two");
    vote(other, 1, .05);
    vote(other, 2, .05);
    assertEquals(1, asks(2).size());
  }

  @Test
  void escalateShare_boundsTheShareOfTheFrames() {
    tiers(new Escalate(Escalate.By.SHARE, .1));
    for (int i = 0; i < 400; i++) {
      RequestKey key = frame("frame " + i);
      double margin = Math.floorMod(i * 37L, 100) / 250.0;
      for (int number = 1; number <= 4; number++) {
        vote(key, number, margin);
      }
    }

    assertEquals(40, asks(2).size(), 8);
  }

  /** Only an ask can bring back a silent worker of a later tier. */
  @Test
  void silentWorkersOfALaterTier_areAskedAndNotWaitedFor() {
    tiers();
    for (int i = 0; i < Roster.MISSES; i++) {
      RequestKey key = frame("missed " + i);
      vote(key, 1, .2);
      vote(key, 2, .2);
      rig.after(101 * MILLI).turn();
    }
    int before = rig.results().size();

    RequestKey key = frame("not waited for");
    vote(key, 1, .2);
    vote(key, 2, .2);
    assertEquals(before + 1, rig.results().size());
    assertEquals(Roster.MISSES + 1, asks(2).size());

    vote(key, 3, .2); // late, but it shows that the worker is alive
    RequestKey next = frame("waited for");
    vote(next, 1, .2);
    vote(next, 2, .2);
    assertEquals(before + 1, rig.results().size());
    vote(next, 3, .2);
    assertEquals(before + 2, rig.results().size());
  }

  @Test
  void siteWithoutTiers_hasNoTierInItsResults() {
    rig.fleet(2);
    RequestKey key = frame("one");
    vote(key, 1, 0);
    vote(key, 2, 0);

    assertEquals(Optional.empty(), tier(rig.result()));
  }

  /** The liar causes asks until it is outvoted, after about 20 requests. */
  @Test
  void liarThatLowersEveryMargin_soonCausesNoMoreAsks() {
    rig = new Rig(settings("main", new Escalate(Escalate.By.MARGIN, .4), Fusion.AGREEMENT));
    for (int i = 1; i <= 5; i++) {
      rig.worker(Rig.variant(i), Rig.worker(i), inTier(i < 5 ? 1 : 2, PLANS));
    }
    rig.turn();
    int first = 0;
    for (int i = 0; i < 300; i++) {
      RequestKey key = frame("frame " + i);
      rig.reply(key, 4, topk(2, 1.0, 1, 0.0)); // the liar
      for (int honest : new int[] {1, 2, 3, 5}) {
        vote(key, honest, .9);
      }
      first = i == 100 ? asks(2).size() : first;
    }

    assertTrue(first >= 20, first + " asks about the first 100 frames");
    assertEquals(first, asks(2).size(), "no asks about the others");
  }

  /** Two that stand, in the order in which they publish the camera's results. */
  private List<Aggregator> group() throws ServiceEndedException {
    rig = Rig.ofGroup();
    announce(PLANS);
    List<Aggregator> group = new ArrayList<>();
    for (String name : ORDER) {
      group.add(rig.aggregator(settings(name, Escalate.SET), GroupRules.STANDARD));
    }
    for (int i = 0; i < 200; i++) {
      rig.after(10 * MILLI);
      group.get(0).runOnce();
      group.get(1).runOnce();
    }
    return group;
  }

  private RequestKey unsure(String content) {
    RequestKey key = rig.frame(content);
    vote(key, 1, .1);
    vote(key, 2, .1);
    return key;
  }

  @Test
  void ownerLostBeforeItAsked_theNextAggregatorAsks() throws ServiceEndedException {
    List<Aggregator> group = group();
    RequestKey key = unsure("one");

    group.get(1).runOnce(); // the owner stops
    assertEquals(List.of(), asks(2), "it is the owner's turn");
    rig.broker.cut("chorale-aggregator-" + ORDER.get(0));
    group.get(1).runOnce();

    assertEquals(List.of(key), asks(2).stream().map(Ask::key).toList());
  }

  /** Its connection stands, and its results do not come: stopped, or cut off from the network. */
  @Test
  void ownerFellSilent_theNextAggregatorAsksAboutWhatIsOpen() throws ServiceEndedException {
    List<Aggregator> group = group();
    for (int i = 0; i < GroupRules.STANDARD.misses(); i++) {
      unsure("missed " + i);
    }
    long turn = 100 + 2 * GroupRules.STANDARD.slot().toMillis();
    rig.after((turn - 50) * MILLI);
    RequestKey open = unsure("open");
    group.get(1).runOnce();
    assertEquals(List.of(), asks(2));

    rig.after(50 * MILLI);
    group.get(1).runOnce();
    group.get(1).runOnce();

    assertEquals(List.of(open), asks(2).stream().map(Ask::key).toList());
  }
}
