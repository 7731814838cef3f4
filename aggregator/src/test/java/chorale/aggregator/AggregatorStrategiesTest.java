package chorale.aggregator;

import static chorale.aggregator.Rig.MILLI;
import static chorale.aggregator.Rig.error;
import static chorale.aggregator.Rig.topk;
import static org.junit.jupiter.api.Assertions.assertEquals;

import chorale.protocol.Assignment;
import chorale.protocol.Failure;
import chorale.protocol.RendezvousHash;
import chorale.protocol.ReplyError;
import chorale.protocol.RequestKey;
import chorale.protocol.Result;
import chorale.protocol.Result.DecidedBy;
import chorale.protocol.Result.MissingReason;
import chorale.protocol.Result.Status;
import chorale.protocol.Stage;
import chorale.protocol.Strategy;
import chorale.protocol.Tier;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class AggregatorStrategiesTest {
  private static final String REFERENCE = "reference";
  private static final List<String> BOARDS = List.of("board1", "board2", "board3");
  private static final Assignment DATA = new Assignment(Strategy.DATA, Stage.WHOLE);

  private final Rig data = new Rig(Rig.settings(Strategy.DATA));
  private final Rig model = new Rig(Rig.settings(Strategy.MODEL));
  private final Rig groups = new Rig(Rig.settings(Strategy.CLASS));

  private Rig replicas() {
    BOARDS.forEach(board -> data.worker(REFERENCE, board, DATA));
    data.turn();
    return data;
  }

  /** board1 runs the first of three stages, and so on. */
  private Rig stages() {
    for (int i = 1; i <= 3; i++) {
      model.worker(REFERENCE, "board" + i, new Assignment(Strategy.MODEL, new Stage(i, 3)));
    }
    model.turn();
    return model;
  }

  /** Publishes a frame that belongs to this board if all boards are online. */
  private static String imageOf(String board) {
    for (int i = 0; ; i++) {
      String image = "image " + i;
      if (RendezvousHash.owner(Rig.key(image), BOARDS).equals(Optional.of(board))) {
        return image;
      }
    }
  }

  private static void vote(Rig rig, RequestKey key, String board) {
    rig.reply(key, Rig.author(REFERENCE, board), topk(1, .9, 2, .1));
    rig.turn();
  }

  // ---- data: one of the replicas answers

  @Test
  void data_ownersReply_isTheWholeAnswer() {
    RequestKey key = replicas().frame(imageOf("board2"));
    vote(data, key, "board2");

    Result result = data.result();
    assertEquals(Status.ANSWERED, result.status());
    assertEquals(DecidedBy.ALL, result.decidedBy());
    assertEquals(List.of(), result.missing());
  }

  @Test
  void data_replyOfAnotherReplica_isAcceptedAtOnce() {
    RequestKey key = replicas().frame(imageOf("board2"));
    vote(data, key, "board3"); // it has detected a loss that the aggregator has not

    assertEquals(DecidedBy.ALL, data.result().decidedBy());
    vote(data, key, "board2");
    assertEquals(1, data.results().size());
  }

  @Test
  void data_replicasThatWereNotAsked_oweNoReply() {
    replicas();
    for (int i = 0; i < 2 * Roster.MISSES; i++) {
      data.frame(imageOf("board2"), "frame " + i);
      data.after(101 * MILLI).turn();
    }
    assertEquals(2 * Roster.MISSES, data.count("no_answer"));

    vote(data, data.frame(imageOf("board1")), "board1");
    assertEquals(DecidedBy.ALL, data.results().get(2 * Roster.MISSES).decidedBy());
  }

  @Test
  void data_ownerLostDuringAWindow_losesItsRequestAndThenItsShare() {
    replicas().frame(imageOf("board2"));
    data.turn();
    data.availability("board2", false);
    data.after(101 * MILLI).turn();

    Result lost = data.result();
    assertEquals(Status.NO_ANSWER, lost.status());
    assertEquals(DecidedBy.DEADLINE, lost.decidedBy());
    assertEquals(MissingReason.OFFLINE, lost.missing().get(0).reason());

    RequestKey next = data.frame(imageOf("board2"), "again");
    String heir = RendezvousHash.owner(next, List.of("board1", "board3")).orElseThrow();
    vote(data, next, heir);
    assertEquals(DecidedBy.ALL, data.results().get(1).decidedBy());
  }

  @Test
  void data_ownersError_isTheAnswer() {
    RequestKey key = replicas().frame(imageOf("board3"));
    data.reply(key, Rig.author(REFERENCE, "board3"), error(ReplyError.BAD_IMAGE));
    data.turn();

    assertEquals(Optional.of("bad_image"), data.result().error().map(Failure::code));
    assertEquals(DecidedBy.ALL, data.result().decidedBy());
  }

  @Test
  void data_frameBeforeTheFleetIsKnown_expectsItsOwnerLater() {
    data.turn();
    RequestKey key = data.frame(imageOf("board2"));
    BOARDS.forEach(board -> data.deliver(data.infoOf(REFERENCE, board, DATA)));
    BOARDS.forEach(
        board -> data.deliver(Rig.availabilityOf(chorale.protocol.Role.WORKER, board, true)));
    data.turn();
    data.availability("board1", false); // not the owner: not expected
    data.turn();
    assertEquals(List.of(), data.results());

    vote(data, key, "board2");
    assertEquals(DecidedBy.ALL, data.result().decidedBy());
  }

  // ---- model: every stage is needed, the last one answers

  @Test
  void model_lastStagesReply_isTheWholeAnswer() {
    RequestKey key = stages().frame("one");
    vote(model, key, "board3");

    assertEquals(Status.ANSWERED, model.result().status());
    assertEquals(DecidedBy.ALL, model.result().decidedBy());
  }

  @Test
  void model_anyStageOffline_isAVariantOffline() {
    stages().availability("board2", false);
    model.turn();
    model.frame("one");
    model.after(101 * MILLI).turn();

    assertEquals(Status.NO_ANSWER, model.result().status());
    assertEquals(MissingReason.OFFLINE, model.result().missing().get(0).reason());

    model.availability("board2", true);
    vote(model, model.frame("two"), "board3");
    assertEquals(DecidedBy.ALL, model.results().get(1).decidedBy());
  }

  @Test
  void model_stageThatWasNeverAnnounced_isOfflineToo() {
    model.worker(REFERENCE, "board1", new Assignment(Strategy.MODEL, new Stage(1, 2)));
    model.turn();
    model.frame("one");
    model.after(101 * MILLI).turn();

    assertEquals(MissingReason.OFFLINE, model.result().missing().get(0).reason());
  }

  @Test
  void model_stageLostAfterItSentItsTensor_losesNothing() {
    RequestKey key = stages().frame("one");
    model.turn();
    model.availability("board1", false);
    model.turn();
    vote(model, key, "board3");

    assertEquals(DecidedBy.ALL, model.result().decidedBy());
    assertEquals(Status.ANSWERED, model.result().status());
  }

  @Test
  void model_errorOfAnyStage_isTheAnswerAtOnce() {
    RequestKey key = stages().frame("one");
    model.reply(key, Rig.author(REFERENCE, "board1"), error(ReplyError.BAD_IMAGE));
    model.turn();

    assertEquals(Optional.of("bad_image"), model.result().error().map(Failure::code));
    assertEquals(DecidedBy.ALL, model.result().decidedBy());
  }

  /**
   * The aggregator cannot see which stage is stuck; the last stage's next reply shows that none is.
   */
  @Test
  void model_silence_isChargedToTheLastStageUntilItsNextReply() {
    stages();
    for (int i = 0; i < Roster.MISSES; i++) {
      model.frame("frame " + i);
      model.after(101 * MILLI).turn();
    }
    RequestKey key = model.frame("more");
    vote(model, key, "board3");
    RequestKey next = model.frame("next");
    model.turn();
    model.availability("board1", false);
    model.turn();
    vote(model, next, "board3");

    assertEquals(Roster.MISSES + 2, model.results().size());
    assertEquals(2, model.count("answered"));
  }

  // ---- one strategy a site

  @Test
  void workerOfAnotherStrategy_isNotInTheRosterAndItsRepliesAreForeign() {
    Rig rig = new Rig().fleet(2);
    rig.worker(REFERENCE, "stray", DATA);
    rig.turn();
    RequestKey key = rig.frame("one");
    rig.reply(key, Rig.author(REFERENCE, "stray"), topk(1, .9));
    rig.turn();
    assertEquals(1, rig.count("foreign"));
    assertEquals(2, rig.count("roster"));

    rig.reply(key, 1, topk(0, .9));
    rig.reply(key, 2, topk(0, .9));
    rig.turn();
    assertEquals(List.of(), rig.result().missing());
  }

  @Test
  void workerOfAnotherStrategy_returnsWithTheSites_counts() {
    Rig rig = new Rig();
    rig.worker("V1", "board1", DATA);
    rig.worker("V1", "board1");
    rig.turn();
    RequestKey key = rig.frame("one");
    rig.reply(key, 1, topk(0, .9));
    rig.turn();

    assertEquals(Status.ANSWERED, rig.result().status());
  }

  // ---- class: the groups' answers are joined

  /** Three groups of the classes bird, cat, deer, dog and frog. */
  private Rig groups() {
    groups.worker("G1", "board1", group(1, 3));
    groups.worker("G2", "board2", group(2, 4));
    groups.worker("G3", "board3", group(0));
    groups.turn();
    return groups;
  }

  private static Assignment group(Integer... classes) {
    return new Assignment(Strategy.CLASS, Stage.WHOLE, false, List.of(classes), Tier.FIRST);
  }

  private void say(RequestKey key, int number, Object... ranked) {
    groups.reply(key, Rig.author("G" + number, "board" + number), topk(ranked));
    groups.turn();
  }

  @Test
  void class_allGroupsVote_theLargestProbabilityWins() {
    RequestKey key = groups().frame("image");
    say(key, 1, 1, .5, 3, .25);
    say(key, 2, 4, .75, 2, .125);
    assertEquals(0, groups.results().size(), "the missing group may have a probability of 1");
    say(key, 3, 0, .625);

    Result result = groups.result();
    Result.Answer answer = result.answer().orElseThrow();
    assertEquals(Status.ANSWERED, result.status());
    assertEquals("frog", answer.name());
    assertEquals(.75, answer.score());
    assertEquals("side-by-side", answer.fusion());
    assertEquals(0, answer.withstands());
    assertEquals(List.of(), answer.missingClasses());
    assertEquals("bird", answer.topk().get(1).name());
  }

  @Test
  void class_groupWithProbabilityOne_isNotEnough() {
    RequestKey key = groups().frame("image");
    say(key, 1, 1, 1.0, 3, 0.0);
    say(key, 2, 4, 0.0, 2, 0.0);
    assertEquals(0, groups.results().size());
    groups.after(101 * MILLI).turn();

    Result result = groups.result();
    assertEquals(DecidedBy.DEADLINE, result.decidedBy());
    assertEquals(Status.PARTIAL, result.status());
    assertEquals(List.of("bird"), result.answer().orElseThrow().missingClasses());
  }

  @Test
  void class_groupThatIsOffline_isMissingWithItsClasses() {
    groups().availability("board2", false);
    groups.turn();
    RequestKey key = groups.frame("image");
    say(key, 1, 3, .5, 1, .25);
    say(key, 3, 0, .125);

    Result result = groups.result();
    assertEquals(Status.PARTIAL, result.status());
    assertEquals(DecidedBy.ALL, result.decidedBy());
    assertEquals(MissingReason.OFFLINE, result.missing().get(0).reason());
    assertEquals(List.of("deer", "frog"), result.answer().orElseThrow().missingClasses());
  }

  @Test
  void class_groupThatWasNeverAnnounced_isMissingToo() {
    groups.worker("G1", "board1", group(1, 3));
    groups.turn();
    say(groups.frame("image"), 1, 3, .5, 1, .25);

    Result result = groups.result();
    assertEquals(Status.PARTIAL, result.status());
    assertEquals(List.of("bird", "deer", "frog"), result.answer().orElseThrow().missingClasses());
  }

  @Test
  void class_anotherGroupUnderTheSameName_isForeign() {
    groups();
    groups.frame("first"); // the models are fixed from now on
    groups.turn();
    groups.worker("G1", "stranger", group(0, 1));
    groups.turn();
    RequestKey key = groups.frame("image");
    groups.reply(key, Rig.author("G1", "stranger"), topk(0, .9, 1, .05));
    groups.turn();

    assertEquals(1, groups.count("foreign"));
  }
}
