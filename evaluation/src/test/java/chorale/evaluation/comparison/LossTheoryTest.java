package chorale.evaluation.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chorale.aggregator.fusion.Thresholds;
import chorale.evaluation.Combination;
import chorale.evaluation.EvaluatedSet;
import chorale.evaluation.Evaluation;
import chorale.evaluation.LabeledImage;
import chorale.evaluation.Made;
import chorale.evaluation.Metrics;
import chorale.evaluation.Network;
import chorale.evaluation.Outputs;
import chorale.evaluation.Timing;
import chorale.evaluation.comparison.Comparison.Loss;
import chorale.protocol.Bytes;
import chorale.protocol.Calibration;
import chorale.protocol.Escalation;
import chorale.protocol.Strategy;
import chorale.protocol.TierPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LossTheoryTest {
  private static final double TINY = 1e-12;

  /** Accuracies of 3 variants: alone .5, .6, .7; pairs .8, .8, .83; all .9; reference .95. */
  private static Evaluation evaluation() {
    List<Network> variants = List.of(network("V1"), network("V2"), network("V3"));
    Network reference = network("reference");
    List<Combination> combinations =
        List.of(
            together(.5, "V1"),
            together(.6, "V2"),
            together(.7, "V3"),
            together(.8, "V1", "V2"),
            together(.8, "V1", "V3"),
            together(.83, "V2", "V3"),
            together(.9, "V1", "V2", "V3"));
    List<Metrics> figures = new ArrayList<>();
    variants.forEach(each -> figures.add(new Metrics(each, .5, 0, new Timing(1, 1))));
    return new Evaluation(
        new EvaluatedSet(
            "s", List.of("a", "b"), Calibration.NONE, variants, Optional.of(reference)),
        100,
        0,
        figures,
        Optional.of(new Metrics(reference, .95, 0, new Timing(1, 1))),
        combinations,
        List.of(),
        List.of(),
        List.of(),
        new Evaluation.FusedError(0, 0),
        List.of(),
        List.of(),
        List.of(),
        new Evaluation.Unsure(Thresholds.NONE, 0, Optional.empty(), 0, Optional.empty()),
        Optional.empty());
  }

  private static Network network(String id) {
    Network.Cost cost = new Network.Cost(1, 1);
    return new Network(id, "base", 1, 32, cost, cost, 1);
  }

  private static Combination together(double accuracy, String... variants) {
    return new Combination(List.of(variants), accuracy, 1);
  }

  @Test
  void variant_everyChoice_isThatOfTheRemainingVariants() {
    List<Loss> losses =
        LossTheory.losses(Strategy.VARIANT, evaluation(), left -> 1.0 / left.size());

    assertEquals(new Loss(0, 1, .9, .9, .9, 1, Optional.of(1 / 3.0)), losses.get(0));
    assertEquals(3, losses.get(1).choices());
    assertEquals(.81, losses.get(1).mean(), TINY);
    assertEquals(.8, losses.get(1).worst());
    assertEquals(.6, losses.get(2).mean(), TINY);
    assertEquals(1, losses.get(2).answered());
    assertEquals(.5, losses.get(1).sureErrors().orElseThrow(), TINY);
    assertEquals(3, losses.size());
    assertEquals(
        losses, LossTheory.losses(Strategy.CLASS, evaluation(), left -> 1.0 / left.size()));
  }

  /** A errs on two of three images, B on one, the full network on none. */
  private static OfflineAnswers answers() throws Exception {
    EvaluatedSet set =
        new EvaluatedSet(
            "s",
            List.of("a", "b"),
            Calibration.NONE,
            List.of(Made.network("A", 100), Made.network("B", 200)),
            Optional.of(Made.network("full", 1000)));
    Outputs outputs = new Outputs(set);
    double[][] ofA = {{.9, .1}, {.4, .6}, {.4, .6}};
    double[][] ofB = {{.9, .1}, {.9, .1}, {.4, .6}};
    List<LabeledImage> images = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      images.add(new LabeledImage("i" + i, "a", Bytes.utf8("image " + i)));
      outputs.add(
          0, List.of(Made.answer(1, ofA[i]), Made.answer(1, ofB[i]), Made.answer(1, .9, .1)));
    }
    return new OfflineAnswers(images, outputs);
  }

  @Test
  void tiers_everyChoice_isTheWalkWithoutThem() throws Exception {
    Escalation tiers = new Escalation(TierPlan.parse("A/B/full"), List.of(.5, .5));

    List<Loss> losses = LossTheory.losses(tiers, answers());

    assertEquals(2, losses.size());
    assertEquals(1, losses.get(0).mean(), TINY);
    // all right without A or B; without the full network the last image is wrong
    assertEquals(3, losses.get(1).choices());
    assertEquals((1 + 1 + 2 / 3.0) / 3, losses.get(1).mean(), TINY);
    assertEquals(2 / 3.0, losses.get(1).worst(), TINY);
    assertEquals(1, losses.get(1).answered());
    assertEquals(1 / 9.0, losses.get(1).sureErrors().orElseThrow(), TINY);
  }

  @Test
  void votersOfSeveralTiers_areFusedWithTheReference() throws Exception {
    OfflineAnswers answers = answers();

    assertEquals(1, answers.expected(List.of("B", "A"), 2));
    assertEquals(0, answers.expected(List.of("A", "B", "full"), 2));
  }

  @Test
  void data_oneBoardLeft_answersAll() {
    List<Loss> losses = LossTheory.losses(Strategy.DATA, evaluation(), left -> 0);
    assertEquals(new Loss(0, 1, .95, .95, .95, 1, Optional.empty()), losses.get(0));
    assertEquals(.95, losses.get(2).worst());
    assertEquals(1, losses.get(2).answered());
  }

  @Test
  void model_oneBoardDead_answersNothing() {
    List<Loss> losses = LossTheory.losses(Strategy.MODEL, evaluation(), left -> 0);
    assertEquals(new Loss(0, 1, .95, .95, .95, 1, Optional.empty()), losses.get(0));
    assertEquals(new Loss(1, 3, 0, 0, 0, 0, Optional.empty()), losses.get(1));
  }

  @Test
  void single_deathOfTheOneBoard_isOneChoice() {
    List<Loss> losses = LossTheory.losses(Strategy.SINGLE, evaluation(), left -> 0);
    assertEquals(.95 * 2 / 3, losses.get(1).mean(), TINY);
    assertEquals(0, losses.get(1).worst());
    assertEquals(.95, losses.get(1).best());
    assertEquals(2.0 / 3, losses.get(1).answered(), TINY);
    assertEquals(1.0 / 3, losses.get(2).answered(), TINY);
  }
}
