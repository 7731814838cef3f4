package chorale.aggregator;

import static chorale.aggregator.Rig.topk;
import static org.junit.jupiter.api.Assertions.assertEquals;

import chorale.config.AggregatorSettings;
import chorale.protocol.Fusion;
import chorale.protocol.Message;
import chorale.protocol.RequestKey;
import chorale.protocol.Result;
import chorale.protocol.Result.DecidedBy;
import chorale.protocol.Trust;
import chorale.protocol.TrustCodec;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An aggregator that learns which of its workers are reliable. */
final class AgreementTest {
  private static AggregatorSettings settings(boolean bound) {
    return learning(Rig.settings("main", 0, bound, 1000));
  }

  private static AggregatorSettings learning(AggregatorSettings some) {
    return new AggregatorSettings(
        some.name(),
        Fusion.AGREEMENT,
        some.deadline(),
        some.k(),
        some.quorum(),
        some.bound(),
        some.withstand(),
        some.checkEvery(),
        some.escalate(),
        some.minConfidence(),
        some.minMargin(),
        some.steady(),
        some.openWindows(),
        some.remembered(),
        some.responsePrefixes(),
        some.healthEvery(),
        some.strategy(),
        some.models());
  }

  private static Result last(Rig rig) {
    List<Result> results = rig.results();
    return results.get(results.size() - 1);
  }

  private static Result ask(Rig rig, int number, double honest) {
    RequestKey key = rig.frame("frame " + number);
    for (int i = 1; i <= 3; i++) {
      rig.reply(key, i, topk(1, honest));
    }
    rig.reply(key, 4, topk(2, 1.0));
    rig.reply(key, 5, topk(2, 1.0));
    rig.turn();
    return last(rig);
  }

  @Test
  void twoLiars_learned_noLongerCount() {
    Rig rig = new Rig(settings(false)).fleet(5);
    assertEquals(2, ask(rig, 0, .5).answer().orElseThrow().index());
    for (int i = 1; i < 30; i++) {
      var unused = ask(rig, i, .9);
    }
    Result result = ask(rig, 30, .5);
    assertEquals(1, result.answer().orElseThrow().index());
    assertEquals(5, result.answered().size());
    assertEquals("agreement", result.answer().get().fusion());
    assertEquals(.5, result.answer().get().score(), 1e-6);
    assertEquals(2, rig.count("outvoted"));
  }

  /** Votes that arrive after a window has closed must also count for learning. */
  @Test
  void boundClosesBeforeTheLiars_theirLateVotesCountForLearning() {
    Rig rig = new Rig(settings(true)).fleet(5);
    for (int i = 0; i < 30; i++) {
      Result early = ask(rig, i, 1.0);
      assertEquals(DecidedBy.BOUND, early.decidedBy());
      assertEquals(3, early.answered().size());
    }
    RequestKey key = rig.frame("frame 30");
    rig.reply(key, 4, topk(2, 1.0));
    rig.reply(key, 5, topk(2, 1.0));
    for (int i = 1; i <= 3; i++) {
      rig.reply(key, i, topk(1, .3));
    }
    rig.turn();
    assertEquals(1, last(rig).answer().orElseThrow().index());
  }

  /** Learning does not affect open windows. */
  @Test
  void learnedDuringAWindow_windowKeepsItsRule() {
    Rig rig = new Rig(settings(false)).fleet(5);
    RequestKey open = rig.frame("open");
    for (int i = 0; i < 30; i++) {
      var unused = ask(rig, i, .9);
    }
    for (int i = 1; i <= 5; i++) {
      rig.reply(open, i, i > 3 ? topk(2, 1.0) : topk(1, .5));
    }
    rig.turn();
    assertEquals(2, last(rig).answer().orElseThrow().index());
  }

  /** Otherwise two quarantined liars would still support the third. */
  @Test
  void quarantined_areIgnoredForLearning() {
    Rig rig = new Rig(learning(Rig.withstanding(1))).fleet(5);
    for (int board = 3; board <= 4; board++) {
      Trust trust =
          new Trust(
              Rig.worker(board), Trust.State.QUARANTINED, Trust.OPERATOR, "", Instant.EPOCH, 0);
      rig.broker.publish(
          Message.retained(Rig.TOPICS.trust(trust.worker()), new TrustCodec().encode(trust)));
    }
    rig.turn();
    for (int i = 0; i < 30; i++) {
      RequestKey key = rig.frame("frame " + i);
      for (int board = 1; board <= 5; board++) {
        rig.reply(key, board, board > 2 ? topk(2, 1.0) : topk(1, .5));
      }
      rig.turn();
    }
    assertEquals(1, rig.count("outvoted"), "two honest boards outvote the remaining liar");
    assertEquals(1, last(rig).answer().orElseThrow().index());
  }
}
