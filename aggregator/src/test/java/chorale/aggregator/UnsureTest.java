package chorale.aggregator;

import static chorale.aggregator.Rig.topk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.aggregator.fusion.Thresholds;
import chorale.protocol.Message;
import chorale.protocol.RequestKey;
import chorale.protocol.Result;
import chorale.protocol.Result.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers below the thresholds. The rig's calibration halves a score: 0.8 becomes 0.4. */
final class UnsureTest {
  private static Result decided(double minConfidence, double minMargin, boolean allVote) {
    Rig rig = new Rig(Rig.unsure(minConfidence, minMargin, 0, false)).fleet(2);
    RequestKey key = rig.frame("cat.jpg");
    rig.reply(key, 1, topk(1, 0.75, 3, 0.25));
    if (allVote) {
      rig.reply(key, 2, topk(1, 0.75, 3, 0.25));
    }
    rig.after(1_000 * Rig.MILLI).turn();
    return rig.result();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, ANSWERED",
    "0.375, 0.5, ANSWERED", // exactly at both thresholds
    "0.3751, 0, UNSURE",
    "0, 0.5001, UNSURE",
    "1, 1, UNSURE"
  })
  void status_confidenceOrMarginBelowItsThreshold_isUnsure(
      double minConfidence, double minMargin, Status expected) {
    assertEquals(expected, decided(minConfidence, minMargin, true).status());
  }

  @Test
  void status_unsureAndPartial_isUnsure() {
    assertEquals(Status.PARTIAL, decided(0, 0, false).status());
    assertEquals(Status.UNSURE, decided(.5, 0, false).status());
  }

  @Test
  void status_unsure_keepsClassTopkAndConfidence() {
    Result result = decided(.5, 0, true);

    assertEquals("cat", result.answer().orElseThrow().name());
    assertEquals(.375, result.answer().get().confidence(), 1e-6);
    assertEquals(2, result.answer().get().topk().size());
    assertEquals(2, result.answered().size());
  }

  @Test
  void status_noVote_isNoAnswer() {
    Rig rig = new Rig(Rig.unsure(1, 1, 0, false)).fleet(1);
    rig.frame("cat.jpg");
    rig.after(1_000 * Rig.MILLI).turn();
    assertEquals(Status.NO_ANSWER, rig.result().status());
    assertEquals(0, rig.count("unsure"));
  }

  @Test
  void status_oneClassNamed_marginIsItsScore() {
    Rig rig = new Rig(Rig.unsure(0, .9, 0, false)).fleet(1);
    rig.reply(rig.frame("cat.jpg"), 1, topk(1, 0.95));
    rig.turn();
    assertEquals(Status.ANSWERED, rig.result().status());
  }

  @Test
  void result_unsure_isRetainedAndCounted() {
    Rig rig = new Rig(Rig.unsure(.5, 0, 0, false)).fleet(1);
    rig.reply(rig.frame("cat.jpg"), 1, topk(1, 0.9));
    rig.turn();

    Message message = rig.broker.published(Rig.TOPICS.result(Rig.CAMERA)).get(0);
    assertTrue(message.retain());
    assertTrue(message.payload().utf8().contains("\"status\":\"unsure\",\"class\":\"cat\""));
    assertEquals(1, rig.count("unsure"));
    assertEquals(0, rig.count("answered"));
  }

  @Test
  void bound_closesEarly_appliesThresholdsToTheReceivedVotes() {
    Rig rig = new Rig(Rig.unsure(.4, 0, 0, true)).fleet(5);
    RequestKey key = rig.frame("cat.jpg");
    for (int i = 5; i >= 3; i--) {
      rig.reply(key, i, topk(1, 0.7, 3, 0.1));
    }
    rig.turn();
    assertEquals(Result.DecidedBy.BOUND, rig.result().decidedBy());
    assertEquals(Status.UNSURE, rig.result().status());
  }

  @Test
  void thresholds_outOfRange_areRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Thresholds(-.1, 0));
    assertThrows(IllegalArgumentException.class, () -> new Thresholds(0, 1.1));
    assertThrows(IllegalArgumentException.class, () -> new Thresholds(Double.NaN, 0));
  }
}
