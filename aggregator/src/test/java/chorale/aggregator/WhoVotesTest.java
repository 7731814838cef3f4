package chorale.aggregator;

import static chorale.aggregator.Rig.CLASSES;
import static chorale.aggregator.Rig.MILLI;
import static chorale.aggregator.Rig.author;
import static chorale.aggregator.Rig.key;
import static chorale.aggregator.Rig.topk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.CapturedLog;
import chorale.protocol.Reply.Author;
import chorale.protocol.RequestKey;
import chorale.protocol.Result;
import chorale.protocol.Result.Answered;
import chorale.protocol.Result.DecidedBy;
import chorale.protocol.Result.Status;
import chorale.protocol.Role;
import chorale.variants.ModelSet;
import chorale.variants.ModelSetException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The acceptance of replies as votes, and their weights. */
final class WhoVotesTest {
  private static final List<String> PLANTS = List.of("fern", "moss", "oak");
  private static final Path SHIPPED = Path.of("..", "variants", "models", "cifar10");

  private final CapturedLog roster = new CapturedLog(Roster.class);
  private final CapturedLog refusals = new CapturedLog(Refusals.class);

  @AfterEach
  void closeLogs() {
    roster.close();
    refusals.close();
  }

  private static Author plants(String variant, String worker) {
    return author(variant, worker, 0.35, 96, PLANTS);
  }

  private static List<String> voters(Result result) {
    return result.answered().stream().map(Answered::worker).toList();
  }

  /** Boards 1 to n vote for the cat. */
  private static void vote(Rig rig, RequestKey key, int boards) {
    for (int i = 1; i <= boards; i++) {
      rig.reply(key, i, topk(1, 0.6));
    }
    rig.turn();
  }

  private static void onlyHonestVotes(Rig rig, int boards) {
    Result result = rig.results().get(rig.results().size() - 1);
    assertEquals(boards, result.answered().size());
    assertEquals(Optional.of("cat"), result.answer().map(Result.Answer::name));
    assertEquals(0.6, result.answer().orElseThrow().score(), 1e-6);
    assertEquals(Status.ANSWERED, result.status());
    assertEquals(DecidedBy.ALL, result.decidedBy());
    assertEquals(List.of(), result.missing());
  }

  // ---- replies must match their worker's announcement

  @Test
  void reply_claimsAnotherNetworkThanItsWorkerAnnounced_isForeignAndNamedOnce() {
    Rig rig = new Rig(Rig.patient()).fleet(3);
    Author own = author("V1", "board1");
    RequestKey key = rig.frame("cat.jpg");
    rig.reply(key, author("V1", "board1", 16, 4096, CLASSES), topk(3, 1.0));
    rig.reply(key, author("V1", "board1", 0.35, 4096, CLASSES), topk(3, 1.0));
    rig.reply(key, plants("V1", "board1"), topk(2, 1.0));
    rig.reply(
        key,
        new Author("V1", "board1", 1, 0.35, 96, CLASSES.size(), own.classDigest(), 100),
        topk(3, 1.0));
    vote(rig, key, 3);

    onlyHonestVotes(rig, 3);
    assertEquals(4, rig.count("foreign"));
    assertEquals(
        List.of(
            "worker board1: replies that differ from its info do not count: V1 with alpha 16.0,"
                + " input 4096, 5 classes, announced V1 with alpha 0.35, input 96, 5 classes;"
                + " restart it, or find out who else sends replies in its name"),
        refusals.lines());
  }

  @Test
  void worker_votesAsEveryVariant_hasOneVote() {
    Rig rig = new Rig(Rig.patient()).fleet(5);
    RequestKey key = rig.frame("cat.jpg");
    for (int i = 1; i <= 5; i++) {
      rig.reply(key, author("V" + i, "board1"), topk(3, 1.0));
    }
    for (int i = 2; i <= 5; i++) {
      rig.reply(key, i, topk(1, 0.6));
    }
    rig.turn();
    Result result = rig.result();
    assertEquals(List.of("board1", "board2", "board3", "board4", "board5"), voters(result));
    assertEquals("cat", result.answer().orElseThrow().name());
    assertEquals(4, rig.count("foreign"));
  }

  @Test
  void worker_announcesANewVariantForEachVote_hasOneVoteInAWindow() {
    Rig rig = new Rig(Rig.patient()).fleet(5);
    RequestKey key = rig.frame("cat.jpg");
    for (int i = 1; i <= 5; i++) {
      rig.info("V" + i, "board1");
      rig.reply(key, author("V" + i, "board1"), topk(3, 1.0));
    }
    for (int i = 2; i <= 5; i++) {
      rig.reply(key, i, topk(1, 0.6));
    }
    rig.turn();
    assertEquals("cat", rig.result().answer().orElseThrow().name());
    assertEquals(4, rig.count("duplicate"));
  }

  @Test
  void worker_restartsWithTheSameNetwork_votesBeforeItsNewInfoArrives() {
    Rig rig = new Rig(Rig.patient()).fleet(1);
    Author own = author("V1", "board1");
    rig.reply(
        rig.frame("cat.jpg"),
        new Author("V1", "board1", 2, 0.35, 96, CLASSES.size(), own.classDigest(), 99),
        topk(1, 0.6));
    rig.turn();
    onlyHonestVotes(rig, 1);
  }

  // ---- replies that overtake their worker's info

  @Test
  void reply_beforeItsWorkersInfo_countsWhenTheInfoArrives() {
    Rig rig = new Rig(Rig.patient()).fleet(1);
    RequestKey key = rig.frame("cat.jpg");
    rig.reply(key, 2, topk(1, 0.6));
    rig.turn();
    assertEquals(1, rig.count("waiting_replies"));
    rig.after(MILLI).worker("V2", "board2");
    rig.reply(key, 1, topk(1, 0.6));
    rig.turn();
    assertEquals(List.of("board1", "board2"), voters(rig.result()));
    assertEquals(0, rig.result().answered().get(1).arrivedMillis());
  }

  @Test
  void reply_beforeItsFrameAndItsWorkersInfo_countsInEitherOrder() {
    Rig rig = new Rig(Rig.patient()).fleet(1);
    rig.reply(key("1.jpg"), 2, topk(1, 0.6));
    rig.reply(key("2.jpg"), 2, topk(1, 0.6));
    rig.turn();
    vote(rig, rig.frame("1.jpg"), 1);
    assertEquals(
        List.of("board1"), voters(rig.results().get(0)), "an unknown worker is not waited for");
    rig.worker("V2", "board2");
    vote(rig, rig.frame("2.jpg"), 1);
    assertEquals(List.of("board1", "board2"), voters(rig.results().get(1)));
  }

  @Test
  void reply_ofAWorkerThatNeverAnnouncesItself_isLateInTheEnd() {
    Rig rig = new Rig(Rig.patient()).fleet(1);
    RequestKey key = rig.frame("cat.jpg");
    rig.reply(key, author("V2", "x"), topk(3, 1.0));
    vote(rig, key, 1);
    onlyHonestVotes(rig, 1);
    rig.after(1_001 * MILLI).turn();
    assertEquals(1, rig.count("late"));
  }

  // ---- the learned model set

  @Test
  void workerOfAnotherSet_fromTheStartAndFirstToVote_isRefusedByName() {
    Rig rig = new Rig(Rig.patient());
    rig.worker(plants("V2", "stray"), PLANTS);
    rig.turn();
    rig.fleet(3);
    RequestKey key = rig.frame("cat.jpg");
    rig.reply(key, plants("V2", "stray"), topk(2, 1.0));
    vote(rig, key, 3);
    vote(rig, rig.frame("2.jpg"), 3);

    onlyHonestVotes(rig, 3);
    assertEquals(1, rig.count("foreign"));
    assertEquals(3, rig.count("roster"));
    assertEquals(
        List.of(
            ("worker stray: its replies do not count: its model set animals has 3 classes"
                    + " (digest %016x), the site's has 5 (digest %016x); run it with the site's"
                    + " models; if its models are the right ones, set aggregator.models to their"
                    + " directory, or restart the aggregators once all workers have them")
                .formatted(plants("V2", "x").classDigest(), author("V1", "x").classDigest())),
        refusals.lines());
  }

  @Test
  void workerOfAnotherSet_joinsLaterAndIsFirstToVote_isRefused() {
    Rig rig = new Rig(Rig.patient()).fleet(1);
    vote(rig, rig.frame("1.jpg"), 1);
    for (int i = 1; i <= 3; i++) {
      rig.worker(plants("V" + i, "stray" + i), PLANTS); // now a majority
    }
    RequestKey key = rig.frame("2.jpg");
    rig.reply(key, plants("V1", "stray1"), topk(2, 1.0));
    vote(rig, key, 1);
    onlyHonestVotes(rig, 1);
    assertEquals(3, refusals.lines().size());
  }

  @Test
  void majority_ofEqualNumbers_isTheSetWithMoreVariants() {
    Rig rig = new Rig(Rig.patient());
    rig.worker(plants("V1", "stray1"), PLANTS);
    rig.worker(plants("V1", "stray2"), PLANTS);
    rig.fleet(2);
    vote(rig, rig.frame("1.jpg"), 2);
    onlyHonestVotes(rig, 2);
  }

  @Test
  void majority_ofEqualVariants_isTheLowestDigest() {
    Rig rig = new Rig(Rig.patient());
    rig.worker(plants("V1", "stray"), PLANTS);
    rig.fleet(1);
    rig.frame("1.jpg");
    rig.turn();
    boolean plantsAreLower =
        Long.compareUnsigned(plants("V1", "x").classDigest(), author("V1", "x").classDigest()) < 0;
    assertEquals(plantsAreLower ? 0 : 1, refusals.count("worker stray:"));
    assertEquals(plantsAreLower ? 1 : 0, refusals.count("worker board1:"));
  }

  @Test
  void majority_countsOnlineWorkersOnly() {
    Rig rig = new Rig(Rig.patient());
    for (int i = 1; i <= 3; i++) {
      rig.announce(plants("V" + i, "old" + i), PLANTS); // retained, from an ended process
    }
    rig.fleet(2);
    vote(rig, rig.frame("1.jpg"), 2);
    onlyHonestVotes(rig, 2);
  }

  @Test
  void models_changedOnAllBoards_areLearnedAgain() {
    Rig rig = new Rig(Rig.patient()).fleet(2);
    vote(rig, rig.frame("1.jpg"), 2);
    RequestKey old = rig.frame("old.jpg");
    rig.turn();
    rig.worker(plants("V1", "board1"), PLANTS);
    rig.turn();
    assertEquals(1, refusals.count("worker board1:"), "board2 still has the site's set");
    rig.worker(plants("V2", "board2"), PLANTS);
    RequestKey key = rig.frame("2.jpg");
    rig.reply(key, plants("V1", "board1"), topk(2, 0.9));
    rig.reply(key, plants("V2", "board2"), topk(2, 0.9));
    rig.reply(old, plants("V2", "board2"), topk(2, 0.9));
    rig.turn();
    assertEquals("oak", rig.results().get(1).answer().orElseThrow().name());
    assertEquals(2, rig.results().get(1).answered().size());
    assertEquals(1, rig.count("foreign"), "a window keeps the classes that it opened with");
    assertEquals(
        1, roster.count("no worker has the site's models any more; they are learned again: 3"));
  }

  @Test
  void models_workersOffline_areKept() {
    Rig rig = new Rig(Rig.patient()).fleet(2);
    vote(rig, rig.frame("1.jpg"), 2);
    rig.worker(plants("V1", "stray"), PLANTS);
    rig.availability("board1", false);
    rig.availability("board2", false);
    RequestKey key = rig.frame("2.jpg");
    rig.reply(key, plants("V1", "stray"), topk(2, 1.0));
    rig.after(101 * MILLI).turn();
    assertEquals(Status.NO_ANSWER, rig.results().get(1).status());
    rig.fleet(2);
    vote(rig, rig.frame("3.jpg"), 2);
    onlyHonestVotes(rig, 2);
  }

  @Test
  void models_reconnectWithAnotherSetFirst_areKept() {
    Rig rig = new Rig(Rig.patient()).fleet(2);
    vote(rig, rig.frame("1.jpg"), 2);
    rig.broker.stop();
    rig.broker.start();
    rig.worker(plants("V1", "stray"), PLANTS);
    RequestKey key = rig.frame("2.jpg");
    rig.reply(key, plants("V1", "stray"), topk(2, 1.0));
    rig.turn();
    rig.fleet(2);
    vote(rig, key, 2);
    rig.after(101 * MILLI).turn();
    assertEquals(List.of("board1", "board2"), voters(rig.results().get(1)));
    assertEquals(0, roster.count("learned again"));
  }

  // ---- learned weights

  @Test
  void variant_announcedWithAnotherInput_isRefusedByName() {
    Rig rig = new Rig(Rig.patient()).fleet(2);
    vote(rig, rig.frame("1.jpg"), 2);
    Author other = author("V2", "other", 0.35, 160, CLASSES);
    rig.worker(other, CLASSES);
    RequestKey key = rig.frame("2.jpg");
    rig.reply(key, other, topk(3, 1.0));
    vote(rig, key, 2);
    onlyHonestVotes(rig, 2);
    assertTrue(
        refusals
            .lines()
            .get(0)
            .contains("its V2 has alpha 0.35, input 160, the site's has alpha 0.35, input 128;"),
        refusals.lines()::toString);
  }

  @Test
  void weight_claimedFarAboveTheOthers_isRefusedByName() {
    Rig rig = new Rig(Rig.patient()).fleet(4);
    Author liar = author("V5", "liar", 16, 4096, CLASSES);
    rig.worker(liar, CLASSES);
    RequestKey key = rig.frame("1.jpg");
    rig.reply(key, liar, topk(3, 1.0));
    vote(rig, key, 4);
    onlyHonestVotes(rig, 4);

    rig.worker("V5", "board5"); // the real V5 is accepted
    vote(rig, rig.frame("2.jpg"), 5);
    onlyHonestVotes(rig, 5);
    assertEquals(
        List.of(true, true),
        refusals.lines().stream().map(line -> line.startsWith("worker liar:")).toList());
    assertTrue(
        refusals
            .lines()
            .get(0)
            .contains(
                "its V5 would weigh more than 4 times the median of the other variants (alpha 16.0,"
                    + " input 4096);"),
        refusals.lines()::toString);
  }

  @Test
  void weight_claimedByTheFirstWorker_isDroppedWhenOthersJoin() {
    Rig rig = new Rig(Rig.patient());
    Author liar = author("V5", "liar", 16, 4096, CLASSES);
    rig.worker(liar, CLASSES);
    rig.frame("1.jpg");
    rig.after(101 * MILLI).turn();
    rig.fleet(5);
    RequestKey key = rig.frame("2.jpg");
    rig.reply(key, liar, topk(3, 1.0));
    vote(rig, key, 5);
    onlyHonestVotes(rig, 5);
  }

  @Test
  void weights_ofTheShippedVariants_areAcceptedInAnyOrder() {
    Rig rig = new Rig(Rig.patient());
    for (int i : new int[] {5, 1, 4, 2, 3}) {
      rig.worker(Rig.variant(i), Rig.worker(i));
      rig.frame(i + ".jpg");
      rig.turn();
    }
    vote(rig, rig.frame("cat.jpg"), 5);
    onlyHonestVotes(rig, 5);
    assertEquals(List.of(), refusals.lines());
  }

  // ---- the configured model set

  @Test
  void configuredSet_acceptsItsVariants_andRefusesAllOthersFromTheStart() throws ModelSetException {
    ModelSet set = ModelSet.load(SHIPPED);
    Rig rig = new Rig(set);
    Author right = author("V1", "right", 0.35, 96, set.classes());
    Author unknown = author("V9", "unknown", 0.35, 96, set.classes());
    Author heavy = author("V5", "heavy", 16, 4096, set.classes());
    rig.worker(right, set.classes());
    rig.worker(unknown, set.classes());
    rig.worker(heavy, set.classes());
    rig.worker("V1", "stray1");
    rig.worker("V2", "stray2");
    rig.worker("V3", "stray3");
    rig.worker("V4", "stray4");
    RequestKey key = rig.frame("1.jpg");
    rig.reply(key, unknown, topk(1, 1.0));
    rig.reply(key, heavy, topk(1, 1.0));
    rig.reply(key, right, topk(3, 0.9));
    rig.turn();
    assertEquals(List.of("right"), voters(rig.result()));
    assertEquals("cat", rig.result().answer().orElseThrow().name());
    assertEquals(
        set.calibration().apply(0.9f), rig.result().answer().orElseThrow().confidence(), 1e-6);
    assertEquals(6, refusals.lines().size());
    String todo = "; run it with the models of " + SHIPPED + ", or change aggregator.models";
    assertEquals(1, refusals.count("has no V9, only V1, V2, V3, V4, V5, reference" + todo));
    assertEquals(1, refusals.count("V5 has alpha 16.0, input 4096, the site's has alpha 0.35"));
  }

  @Test
  void configuredSet_isKeptRegardlessOfWorkers() throws ModelSetException {
    Rig rig = new Rig(ModelSet.load(SHIPPED)).fleet(3);
    vote(rig, rig.frame("1.jpg"), 3);
    rig.deliver(Rig.availabilityOf(Role.WORKER, "board1", false));
    rig.after(101 * MILLI).turn();
    assertEquals(Status.NO_ANSWER, rig.result().status());
    assertEquals(3, rig.count("foreign"));
    assertEquals(List.of(), roster.lines());
  }
}
