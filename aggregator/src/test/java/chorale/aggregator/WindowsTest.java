package chorale.aggregator;

import static chorale.aggregator.Rig.MILLI;
import static chorale.aggregator.Rig.author;
import static chorale.aggregator.Rig.error;
import static chorale.aggregator.Rig.topk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import chorale.protocol.CapturedLog;
import chorale.protocol.Failure;
import chorale.protocol.Message;
import chorale.protocol.ReplyError;
import chorale.protocol.RequestKey;
import chorale.protocol.Result;
import chorale.protocol.Result.DecidedBy;
import chorale.protocol.Result.Missing;
import chorale.protocol.Result.MissingReason;
import chorale.protocol.Result.Status;
import chorale.protocol.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The closing of windows: when, with which result, and which votes are missing. */
final class WindowsTest {

  private static Missing missing(String variant, MissingReason reason) {
    return new Missing(variant, reason, Optional.empty());
  }

  @Test
  void window_allVoted_closesAtOnceAsAnswered() {
    Rig rig = new Rig(Rig.patient()).fleet(2);
    RequestKey key = rig.frame("cat.jpg");
    rig.after(3 * MILLI).reply(key, 1, topk(1, 0.6, 3, 0.4));
    rig.after(2 * MILLI).reply(key, 2, topk(1, 0.9));
    rig.turn();
    Result result = rig.result();
    assertEquals(DecidedBy.ALL, result.decidedBy());
    assertEquals(Status.ANSWERED, result.status());
    assertEquals("cat", result.answer().orElseThrow().name());
    double mean = (96 * (double) 0.6f + 128 * (double) 0.9f) / 224;
    assertEquals(mean, result.answer().get().score(), 1e-6);
    assertEquals(mean / 2, result.answer().get().confidence(), 1e-6);
    assertEquals(5, result.latencyMillis());
    assertEquals(3, result.answered().get(0).arrivedMillis());
    assertEquals(List.of(), result.missing());
  }

  @Test
  void reply_exactlyAtTheDeadline_isOnTime() {
    Rig rig = new Rig(Rig.patient()).fleet(2);
    RequestKey key = rig.frame("cat.jpg");
    rig.reply(key, 1, topk(1, 0.6));
    rig.after(100 * MILLI).reply(key, 2, topk(1, 0.9));
    rig.after(1_000 * MILLI).turn();
    assertEquals(DecidedBy.ALL, rig.result().decidedBy());
    assertEquals(2, rig.result().answered().size());
  }

  @Test
  void reply_oneNanosecondAfterTheDeadline_isLate() {
    Rig rig = new Rig(Rig.patient()).fleet(2);
    RequestKey key = rig.frame("cat.jpg");
    rig.reply(key, 1, topk(1, 0.6));
    rig.after(100 * MILLI + 1).reply(key, 2, topk(1, 0.9));
    rig.turn();
    Result result = rig.result();
    assertEquals(DecidedBy.DEADLINE, result.decidedBy());
    assertEquals(Status.PARTIAL, result.status());
    assertEquals(List.of(missing("V2", MissingReason.NO_REPLY)), result.missing());
    assertEquals(1, rig.count("late"));
  }

  @Test
  void deadline_reachedAndNotPassed_staysOpen() {
    Rig rig = new Rig(Rig.patient()).fleet(1);
    rig.frame("cat.jpg");
    assertEquals(100 * MILLI + 1, rig.turn());
    rig.after(100 * MILLI);
    assertEquals(1, rig.turn());
    assertEquals(List.of(), rig.results());
    rig.after(1).turn();
    assertEquals(DecidedBy.DEADLINE, rig.result().decidedBy());
    assertEquals(Status.NO_ANSWER, rig.result().status());
    assertEquals(100, rig.result().latencyMillis(), 1e-3);
  }

  @Test
  void deadline_repliesStillInTheInbox_areDrainedFirst() {
    Rig rig = new Rig(Rig.patient()).fleet(2);
    RequestKey key = rig.frame("cat.jpg");
    rig.reply(key, 1, topk(1, 0.6));
    rig.reply(key, 2, topk(1, 0.6));
    rig.after(60_000 * MILLI).turn();
    assertEquals(DecidedBy.ALL, rig.result().decidedBy());
  }

  @Test
  void bound_leadOutOfReach_closesWithoutTheRest() {
    Rig rig = new Rig().fleet(5);
    RequestKey key = rig.frame("cat.jpg");
    for (int i = 5; i >= 3; i--) {
      assertEquals(0, rig.results().size());
      rig.reply(key, i, topk(1, 0.9));
      rig.turn();
    }
    Result result = rig.result();
    assertEquals(DecidedBy.BOUND, result.decidedBy());
    assertEquals(Status.ANSWERED, result.status());
    assertEquals(
        List.of(missing("V1", MissingReason.NOT_NEEDED), missing("V2", MissingReason.NOT_NEEDED)),
        result.missing());
  }

  @Test
  void bound_offlineVariant_countsAsMissingToo() {
    Rig rig = new Rig().fleet(2);
    rig.availability("board2", false);
    RequestKey key = rig.frame("cat.jpg");
    rig.reply(key, 1, topk(1, 1.0));
    rig.turn();
    Result result = rig.result();
    assertEquals(DecidedBy.ALL, result.decidedBy());
    assertEquals(Status.PARTIAL, result.status());
    assertEquals(List.of(missing("V2", MissingReason.OFFLINE)), result.missing());
  }

  @Test
  void all_offlineVariantCannotChangeIt_isAnswered() {
    Rig rig = new Rig(Rig.patient()).fleet(2);
    rig.availability("board1", false);
    RequestKey key = rig.frame("cat.jpg");
    rig.reply(key, 2, topk(1, 1.0));
    rig.turn();
    assertEquals(DecidedBy.ALL, rig.result().decidedBy());
    assertEquals(Status.ANSWERED, rig.result().status());
    assertEquals(List.of(missing("V1", MissingReason.OFFLINE)), rig.result().missing());
  }

  @Test
  void quorum_reached_closesAsPartial() {
    Rig rig = new Rig(Rig.settings("main", 2, false, 10)).fleet(3);
    RequestKey key = rig.frame("cat.jpg");
    rig.reply(key, 1, topk(1, 0.6));
    rig.turn();
    assertEquals(0, rig.results().size());
    rig.reply(key, 2, topk(1, 0.6));
    rig.turn();
    assertEquals(DecidedBy.QUORUM, rig.result().decidedBy());
    assertEquals(Status.PARTIAL, rig.result().status());
    assertEquals(List.of(missing("V3", MissingReason.NOT_NEEDED)), rig.result().missing());
  }

  /** Two of three sure votes decide, but one liar among them could change the class. */
  @Test
  void withstand_one_delaysTheBoundUntilALiarCannotChangeTheClass() {
    for (int withstand : List.of(0, 1)) {
      Rig rig = new Rig(Rig.withstanding(withstand)).fleet(4);
      RequestKey key = rig.frame("cat.jpg");
      rig.reply(key, 4, topk(1, 0.99));
      rig.reply(key, 3, topk(1, 0.99));
      rig.reply(key, 2, topk(1, 0.99));
      rig.turn();
      assertEquals(1 - withstand, rig.results().size());
      rig.reply(key, 1, topk(1, 0.99));
      rig.turn();
      assertEquals(withstand == 0 ? DecidedBy.BOUND : DecidedBy.ALL, rig.result().decidedBy());
      assertEquals(withstand, rig.result().answer().orElseThrow().withstands());
    }
  }

  @Test
  void overload_limitExceeded_closesTheOldest() {
    Rig rig = new Rig(Rig.settings("main", 0, true, 2)).fleet(1);
    RequestKey first = rig.frame("1.jpg");
    rig.frame("2.jpg");
    rig.frame("3.jpg");
    rig.turn();
    assertEquals(DecidedBy.OVERLOAD, rig.result().decidedBy());
    assertEquals(first, rig.result().requestId());
    assertEquals(Status.NO_ANSWER, rig.result().status());
    assertEquals(2, rig.count("open_windows"));
  }

  @Test
  void overload_oneCameraHasMostWindows_closesItsOldest() {
    Rig rig = new Rig(Rig.settings("main", 0, true, 3)).fleet(1);
    rig.broker.publish(Message.of(Rig.TOPICS.image("door"), Rig.image("first of all")));
    RequestKey oldest = rig.frame("1.jpg");
    rig.frame("2.jpg");
    rig.frame("3.jpg");
    rig.turn();
    assertEquals(oldest, rig.result().requestId());
    assertEquals(DecidedBy.OVERLOAD, rig.result().decidedBy());
    assertEquals(List.of(), rig.results(Rig.TOPICS.result("door")));
    assertEquals(3, rig.count("open_windows"));
  }

  @Test
  void errors_allFailed_isNoAnswerAtOnceWithTheirCodes() {
    Rig rig = new Rig().fleet(3);
    RequestKey key = rig.frame("not an image");
    rig.reply(key, 1, error(ReplyError.BAD_IMAGE));
    rig.reply(key, 2, error(ReplyError.TOO_LARGE));
    rig.reply(key, 3, error(ReplyError.BAD_IMAGE));
    rig.turn();
    Result result = rig.result();
    assertEquals(DecidedBy.ALL, result.decidedBy());
    assertEquals(Status.NO_ANSWER, result.status());
    assertEquals(
        Optional.of(new Failure("bad_image,too_large", "detail of bad_image")), result.error());
    assertEquals(
        new Missing(
            "V2",
            MissingReason.ERROR,
            Optional.of(Failure.of(ReplyError.TOO_LARGE, "detail of too_large"))),
        result.missing().get(1));
  }

  @Test
  void errors_areLoggedOnceForEachCameraAndCode() {
    try (CapturedLog log = new CapturedLog(FailureLog.class)) {
      Rig rig = new Rig().fleet(2);
      for (String frame : List.of("a", "b", "c")) {
        RequestKey key = rig.frame(frame);
        rig.reply(key, 1, error(ReplyError.DAMAGED));
        rig.reply(key, 2, error(frame.equals("c") ? ReplyError.EXPIRED : ReplyError.DAMAGED));
        rig.turn();
      }
      assertEquals(
          List.of(
              "camera gate: damaged: detail of damaged (reply of V1; further ones of this kind are"
                  + " only counted)",
              "camera gate: expired: detail of expired (reply of V2; further ones of this kind are"
                  + " only counted)"),
          log.lines());
    }
  }

  @Test
  void errors_oneFailed_isNotWaitedFor() {
    Rig rig = new Rig(Rig.patient()).fleet(2);
    RequestKey key = rig.frame("cat.jpg");
    rig.reply(key, 2, error(ReplyError.OVERLOADED));
    rig.reply(key, 1, topk(1, 0.9));
    rig.turn();
    assertEquals(DecidedBy.ALL, rig.result().decidedBy());
    assertEquals(Status.PARTIAL, rig.result().status());
    assertEquals(MissingReason.ERROR, rig.result().missing().get(0).reason());
  }

  @Test
  void errors_ofOneReplica_leavesTheOtherExpected() {
    Rig rig = new Rig(Rig.patient());
    rig.worker("V1", "a");
    rig.worker("V1", "b");
    RequestKey key = rig.frame("cat.jpg");
    rig.reply(key, author("V1", "a"), error(ReplyError.OVERLOADED));
    rig.turn();
    assertEquals(0, rig.results().size());
    rig.reply(key, author("V1", "b"), topk(1, 0.9));
    rig.turn();
    assertEquals("b", rig.result().answered().get(0).worker());
    assertEquals(Status.ANSWERED, rig.result().status());
  }

  @Test
  void replicas_firstVoteCounts_othersAreRedundant() {
    Rig rig = new Rig(Rig.patient());
    rig.worker("V1", "a");
    rig.worker("V1", "b");
    rig.worker("V2", "c");
    RequestKey key = rig.frame("cat.jpg");
    rig.reply(key, author("V1", "b"), topk(1, 0.9));
    rig.reply(key, author("V1", "a"), topk(2, 0.9));
    rig.reply(key, author("V1", "b"), topk(3, 0.9));
    rig.reply(key, author("V2", "c"), topk(1, 0.9));
    rig.turn();
    assertEquals("cat", rig.result().answer().orElseThrow().name());
    assertEquals(1, rig.count("redundant"));
    assertEquals(1, rig.count("duplicate"));
    assertEquals(2, rig.count("accepted"));
  }

  @Test
  void lastWill_duringAWindow_endsTheWait() {
    Rig rig = new Rig(Rig.patient()).fleet(2);
    RequestKey key = rig.frame("cat.jpg");
    rig.reply(key, 1, topk(1, 0.9));
    rig.turn();
    assertEquals(0, rig.results().size());
    rig.availability("board2", false);
    rig.turn();
    assertEquals(DecidedBy.ALL, rig.result().decidedBy());
    assertEquals(List.of(missing("V2", MissingReason.OFFLINE)), rig.result().missing());
  }

  @Test
  void lastWill_ofTheLastExpectedWorker_waitsForTheDeadline() {
    Rig rig = new Rig().fleet(1);
    RequestKey key = rig.frame("cat.jpg");
    rig.availability("board1", false);
    rig.turn();
    assertEquals(0, rig.results().size());
    rig.reply(key, 1, topk(1, 0.9));
    rig.turn();
    assertEquals(
        0, rig.results().size(), "a window without expected workers waits for its deadline");
    rig.after(100 * MILLI + 1).turn();
    assertEquals(DecidedBy.DEADLINE, rig.result().decidedBy());
    assertEquals(Status.ANSWERED, rig.result().status());
  }

  @Test
  void emptyRoster_frame_isNoAnswerAtTheDeadline() {
    Rig rig = new Rig();
    rig.frame("cat.jpg");
    rig.turn();
    rig.after(100 * MILLI + 1).turn();
    assertEquals(Status.NO_ANSWER, rig.result().status());
    assertEquals(List.of(), rig.result().missing());
    assertEquals(Optional.empty(), rig.result().error());
  }

  @Test
  void lateJoiner_vote_isAcceptedButNotWaitedFor() {
    Rig rig = new Rig(Rig.patient()).fleet(2);
    RequestKey key = rig.frame("cat.jpg");
    rig.turn();
    rig.worker("V3", "board3");
    rig.worker("V4", "board4");
    rig.reply(key, 3, topk(1, 0.9));
    rig.reply(key, 1, topk(1, 0.9));
    rig.reply(key, 2, topk(1, 0.9));
    rig.turn();
    assertEquals(DecidedBy.ALL, rig.result().decidedBy());
    assertEquals(3, rig.result().answered().size());
    assertEquals(List.of(missing("V4", MissingReason.NO_REPLY)), rig.result().missing());
  }

  @Test
  void threeMisses_inARow_worker_isNotWaitedForUntilItReplies() {
    Rig rig = new Rig(Rig.patient()).fleet(2);
    RequestKey key = rig.frame("0.jpg");
    for (int i = 1; i <= 3; i++) {
      rig.reply(key, 1, topk(1, 0.9));
      rig.after(100 * MILLI + 1).turn();
      assertEquals(i, rig.count("decided_deadline"));
      key = rig.frame(i + ".jpg");
    }
    rig.reply(key, 1, topk(1, 0.9));
    rig.turn();
    assertEquals(1, rig.count("decided_all"));
    Result fourth = rig.results().get(3);
    assertEquals(List.of(missing("V2", MissingReason.NO_REPLY)), fourth.missing());

    rig.reply(key, 2, topk(1, 0.9));
    key = rig.frame("back.jpg");
    rig.reply(key, 1, topk(1, 0.9));
    rig.turn();
    assertEquals(1, rig.count("open_windows"), "waited for again");
    rig.reply(key, 2, topk(1, 0.9));
    rig.turn();
    assertEquals(Status.ANSWERED, rig.results().get(4).status());
  }

  @Test
  void threeMisses_withAReplyBetween_isStillWaitedFor() {
    Rig rig = new Rig(Rig.patient()).fleet(2);
    for (int i = 0; i < 4; i++) {
      RequestKey key = rig.frame(i + ".jpg");
      rig.reply(key, 1, topk(1, 0.9));
      rig.after(100 * MILLI + 1).turn();
      if (i == 1) {
        rig.reply(key, 2, topk(1, 0.9));
      }
    }
    assertEquals(4, rig.count("decided_deadline"));
  }

  @Test
  void threeMisses_otherOpenWindows_stopWaitingToo() {
    Rig rig = new Rig(Rig.patient()).fleet(2);
    for (int i = 0; i < 3; i++) {
      rig.reply(rig.frame(i + ".jpg"), 1, topk(1, 0.9));
    }
    rig.after(50 * MILLI).reply(rig.frame("last.jpg"), 1, topk(1, 0.9));
    rig.after(50 * MILLI + 1).turn();
    assertEquals(3, rig.count("decided_deadline"));
    assertEquals(1, rig.count("decided_all"));
  }

  @Test
  void reconnect_forgetsTheRoster_andLearnsItAgain() {
    Rig rig = new Rig(Rig.patient()).fleet(2);
    rig.broker.stop();
    rig.broker.start();
    rig.turn();
    assertEquals(0, rig.count("roster"));
    rig.worker("V1", "board1");
    RequestKey key = rig.frame("cat.jpg");
    rig.reply(key, 1, topk(1, 0.9));
    rig.turn();
    assertEquals(Status.ANSWERED, rig.result().status());
  }

  @Test
  void connect_retainedStatusAfterTheFrame_countsAsExpected() {
    Rig rig = new Rig(Rig.patient());
    rig.deliver(rig.infoOf("V1", "board1"));
    rig.deliver(Rig.availabilityOf(Role.WORKER, "board1", true));
    RequestKey key = rig.frame("cat.jpg");
    rig.deliver(rig.infoOf("V2", "board2"));
    rig.deliver(Rig.availabilityOf(Role.WORKER, "board2", true));
    rig.reply(key, 1, topk(1, 0.9));
    rig.turn();
    assertEquals(0, rig.results().size(), "board2 is waited for");
    rig.reply(key, 2, topk(1, 0.9));
    rig.turn();
    assertEquals(2, rig.result().answered().size());
  }

  @Test
  void reconnect_openWindow_keepsItsExpectedSet() {
    Rig rig = new Rig(Rig.patient()).fleet(2);
    RequestKey key = rig.frame("cat.jpg");
    rig.turn();
    rig.broker.cut("chorale-aggregator-main");
    rig.availability("board2", false);
    rig.broker.restore("chorale-aggregator-main");
    rig.reply(key, 1, topk(1, 0.9));
    rig.turn();
    assertEquals(List.of(missing("V2", MissingReason.OFFLINE)), rig.result().missing());
    assertFalse(rig.result().repeated());
  }

  @Test
  void arrivalOrder_allPermutations_giveTheIdenticalResult() {
    List<List<Integer>> orders = new ArrayList<>();
    permute(new ArrayList<>(List.of(1, 2, 3, 4, 5)), 0, orders);
    assertEquals(120, orders.size());
    Rig rig = new Rig(Rig.patient()).fleet(5);
    for (int i = 0; i < orders.size(); i++) {
      RequestKey key = rig.frame(i + ".jpg");
      for (int number : orders.get(i)) {
        rig.reply(key, number, topk(number - 1, 0.3 + 0.1 * number, number % 5, 0.07 * number));
      }
      rig.turn();
      Result first = rig.results().get(0);
      Result result = rig.results().get(i);
      assertEquals(first.answer(), result.answer(), "order " + orders.get(i));
      assertEquals(first.answered(), result.answered(), "order " + orders.get(i));
    }
    assertEquals(120, rig.count("decided_all"));
  }

  private static void permute(List<Integer> numbers, int from, List<List<Integer>> into) {
    if (from == numbers.size()) {
      into.add(List.copyOf(numbers));
    }
    for (int i = from; i < numbers.size(); i++) {
      java.util.Collections.swap(numbers, from, i);
      permute(numbers, from + 1, into);
      java.util.Collections.swap(numbers, from, i);
    }
  }
}
