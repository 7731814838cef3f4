package chorale.evaluation;

import static chorale.evaluation.Made.answer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.aggregator.fusion.Thresholds;
import chorale.protocol.Calibration;
import chorale.worker.Classification;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Known images of three classes and unknown images; variants of weights 100 and 200. */
final class SeparationTest {
  private static final List<String> CLASSES = List.of("cat", "dog", "eel");
  private static final double EXACT = 1e-6; // probabilities are floats

  private final EvaluatedSet set =
      Made.set(CLASSES, Made.network("A", 100), Made.network("B", 200));
  private final Outputs known = new Outputs(set);
  private final Outputs unknown = new Outputs(set, List.of("none", "noise", "text"));

  @Test
  void certainty_oneImage_isComputedFromItsVotes() throws Exception {
    // dog: (.3 + 2 * .8) / 3, cat: (.6 + 2 * .15) / 3; both variants name cat and dog
    known.add(1, List.of(answer(1, .6, .3, .1), answer(1, .15, .8, .05)));
    unknown.add(1, List.of(answer(1, .6, .3, .1), answer(1, .15, .8, .05)));

    Separation separation = separate();

    assertEquals(1.9 / 3, threshold(separation, Certainty.SCORE), EXACT);
    assertEquals(1.9 / 3, threshold(separation, Certainty.CONFIDENCE), EXACT);
    assertEquals(1.0 / 3, threshold(separation, Certainty.MARGIN), EXACT);
    assertEquals(.5, threshold(separation, Certainty.AGREEMENT), EXACT);
    assertEquals(2.8 / 3, threshold(separation, Certainty.NAMED), EXACT);
    assertEquals(.5, measure(separation, Certainty.SCORE).auroc().all(), "ties count half");
  }

  @Test
  void certainty_calibratedSet_mapsTheScore() throws Exception {
    EvaluatedSet calibrated =
        new EvaluatedSet(
            "made",
            CLASSES,
            new Calibration(List.of(.5), List.of(.75)),
            set.variants(),
            Optional.empty());
    Outputs one = new Outputs(calibrated);
    one.add(0, List.of(sure(.9), sure(.9)));
    Outputs other = new Outputs(calibrated, List.of("noise"));
    other.add(0, List.of(sure(.4), sure(.4)));

    Separation separation =
        Evaluator.evaluate(one, Optional.of(other), Thresholds.NONE).separation().get();

    assertEquals(.75, threshold(separation, Certainty.CONFIDENCE), EXACT);
    assertEquals(1, measure(separation, Certainty.SCORE).auroc().all());
    assertEquals(.5, measure(separation, Certainty.CONFIDENCE).auroc().all());
  }

  @Test
  void separate_families_haveTheirOwnShares() throws Exception {
    addKnown(20);
    unknown.add(1, List.of(sure(.5), sure(.5))); // below all known images
    unknown.add(2, List.of(sure(.5), sure(.5)));
    unknown.add(2, List.of(sure(.99), sure(.99))); // above all of them

    Separation separation = separate();

    assertEquals(
        List.of(new Separation.Family("noise", 1), new Separation.Family("text", 2)),
        separation.families(),
        "a family without readable images is excluded");
    Separation.Measure score = measure(separation, Certainty.SCORE);
    assertEquals(2 / 3.0, score.auroc().all(), EXACT);
    assertEquals(List.of(1.0, .5), score.auroc().byFamily());
    assertEquals(List.of(0.0, .5), score.mostKept().falseAnswers().byFamily());
  }

  @Test
  void separate_thresholds_keepAndLoseTheirShares() throws Exception {
    addKnown(100); // scores from 0.6; the 10 lowest are wrong
    unknown.add(1, List.of(sure(.5), sure(.5)));

    Separation.Measure score = measure(separate(), Certainty.SCORE);

    assertEquals(.95, score.mostKept().answered(), EXACT);
    assertEquals(0, score.mostKept().lost(), "all 5 withheld answers were wrong");
    assertEquals(1 / 90.0, score.fewLost().lost(), EXACT);
    assertEquals(Optional.of(1.0), score.fewLost().accuracy());
    assertEquals(.9, score.coverage().get(0).accuracy(), EXACT);
    assertEquals(.9 / .99, score.coverage().get(1).accuracy(), 1e-3);
    assertEquals(1, score.coverage().get(10).accuracy());
  }

  @Test
  void separate_tiedAnswers_countByMeanAccuracy() throws Exception {
    for (int i = 0; i < 100; i++) {
      known.add(i % 4 == 0 ? 1 : 0, List.of(sure(.8), sure(.8)));
    }
    unknown.add(1, List.of(sure(.5), sure(.5)));

    for (Separation.CoveragePoint each : measure(separate(), Certainty.SCORE).coverage()) {
      assertEquals(.75, each.accuracy(), EXACT, each.toString());
    }
  }

  @Test
  void separate_bound_usesTheVotesReceivedBefore() throws Exception {
    EvaluatedSet three =
        Made.set(CLASSES, Made.network("A", 400), Made.network("B", 100), Made.network("C", 100));
    Outputs one = new Outputs(three);
    for (int i = 0; i < 20; i++) {
      // if C is first and A second, the bound decides without B: one of two votes agrees
      one.add(0, List.of(sure(.9), sure(.9), answer(1, .1, .8, .1)));
    }
    Outputs other = new Outputs(three, List.of("noise"));
    other.add(0, List.of(sure(.3), sure(.3), sure(.3)));

    Separation.Measure agreement =
        measure(
            Evaluator.evaluate(one, Optional.of(other), Thresholds.NONE).separation().get(),
            Certainty.AGREEMENT);

    assertEquals(2 / 3.0, agreement.fewLost().threshold(), EXACT);
    assertEquals(0, agreement.fewLost().lost());
    assertTrue(agreement.fewLostEarly().lost() > 0, "C, A");
    assertTrue(agreement.fewLostEarly().lost() < 1, "any other order");
  }

  @Test
  void write_separation_isInTextJsonAndReport() throws Exception {
    addKnown(20);
    unknown.add(1, List.of(sure(.5), sure(.5)));
    Evaluation evaluation = Evaluator.evaluate(known, Optional.of(unknown), Thresholds.NONE);

    String text = String.join("\n", EvaluationText.lines(evaluation, line -> line));
    assertTrue(text.contains("unknown: 1 images of 1 families"), text);
    JsonNode json = new ObjectMapper().readTree(EvaluationJson.of(evaluation).text());
    assertEquals(1, json.at("/separation/measures/0/auroc/all").asDouble());
    assertEquals("score", json.at("/separation/measures/0/measure").asText());
    String report = EvaluationReport.of(evaluation, "test.zip").text();
    assertTrue(report.contains("| measure | all | noise |"), report);
    assertFalse(
        EvaluationReport.of(Evaluator.evaluate(known), "test.zip").text().contains("unknown"));
  }

  @Test
  void unsure_thresholds_withholdBothKinds() throws Exception {
    addKnown(100); // scores from 0.6 in steps of 0.003; the 10 lowest are wrong
    unknown.add(1, List.of(sure(.5), sure(.5)));
    unknown.add(1, List.of(sure(.99), sure(.99)));

    Evaluation.Unsure unsure =
        Evaluator.evaluate(known, Optional.of(unknown), new Thresholds(.6361, 0)).unsure();

    assertEquals(.13, unsure.share(), EXACT);
    assertEquals(3 / 90.0, unsure.lost(), EXACT);
    assertEquals(Optional.of(1.0), unsure.accuracy());
    assertEquals(Optional.of(.5), unsure.unknown());
    assertEquals(Optional.empty(), Evaluator.evaluate(known).unsure().unknown());
    assertEquals(0, Evaluator.evaluate(known).unsure().share());
    assertEquals(
        Optional.empty(),
        Evaluator.evaluate(known, Optional.empty(), new Thresholds(0, 1)).unsure().accuracy());
  }

  @Test
  void evaluate_noUnknownImage_fails() {
    addKnown(2);

    assertThrows(
        EvaluationException.class,
        () -> Evaluator.evaluate(known, Optional.of(unknown), Thresholds.NONE));
  }

  /** Adds known images; the tenth with the lowest scores is wrong. */
  private void addKnown(int images) {
    for (int i = 0; i < images; i++) {
      double probability = .6 + .3 * i / images;
      known.add(i < images / 10 ? 1 : 0, List.of(sure(probability), sure(probability)));
    }
  }

  private static Classification sure(double probability) {
    return answer(1, probability, (1 - probability) * .6, (1 - probability) * .4);
  }

  private Separation separate() throws EvaluationException {
    return Evaluator.evaluate(known, Optional.of(unknown), Thresholds.NONE)
        .separation()
        .orElseThrow();
  }

  private static Separation.Measure measure(Separation separation, Certainty certainty) {
    return separation.measures().stream()
        .filter(each -> each.certainty() == certainty)
        .findFirst()
        .orElseThrow();
  }

  private static double threshold(Separation separation, Certainty certainty) {
    return measure(separation, certainty).fewLost().threshold();
  }
}
