package chorale.evaluation;

import static chorale.evaluation.Made.answer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chorale.protocol.Calibration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Four images of three classes, classified by two variants of weights 100 and 200. */
final class EvaluatorTest {
  private static final List<String> CLASSES = List.of("cat", "dog", "eel");
  private static final double EXACT = 1e-7; // probabilities are floats

  private final EvaluatedSet set =
      Made.set(CLASSES, Made.network("A", 100), Made.network("B", 200));
  private final Outputs outputs = new Outputs(set);

  @BeforeEach
  void fill() {
    // cat: both right
    outputs.add(0, List.of(answer(900, .7, .2, .1), answer(1_800, .6, .3, .1)));
    // cat: A right, B says dog; .9 + 2 * .4 = 1.7 beats 2 * .5 + .05
    outputs.add(0, List.of(answer(1_000, .9, .05, .05), answer(2_000, .4, .5, .1)));
    // dog: A says eel, B right and heavier
    outputs.add(1, List.of(answer(1_100, .1, .4, .5), answer(2_200, .1, .8, .1)));
    // dog: both say cat
    outputs.add(1, List.of(answer(9_000, .5, .4, .1), answer(2_300, .6, .3, .1)));
  }

  @Test
  void evaluate_variants_haveAccuracyAndMedianTimes() throws Exception {
    Evaluation evaluation = Evaluator.evaluate(outputs);

    assertEquals(List.of(.5, .5), evaluation.variants().stream().map(Metrics::accuracy).toList());
    assertEquals(new Timing(.4, 1.0), evaluation.variants().get(0).timing());
    assertEquals(new Timing(.4, 2.0), evaluation.variants().get(1).timing());
  }

  @Test
  void evaluate_combinations_areAllSubsetsWithMacs() throws Exception {
    assertEquals(
        List.of(
            new Combination(List.of("A"), .5, 100_000),
            new Combination(List.of("B"), .5, 200_000),
            new Combination(List.of("A", "B"), .75, 300_000)),
        Evaluator.evaluate(outputs).combinations());
  }

  @Test
  void evaluate_networksForClassGroups_areFusedSideBySide() throws Exception {
    EvaluatedSet groups =
        new EvaluatedSet("made", CLASSES, Calibration.NONE, set.variants(), Optional.empty(), true);
    Outputs each = new Outputs(groups); // A: cats; B, of twice the weight: dogs, eels
    each.add(0, List.of(answer(1, .6, 0, 0), answer(1, 0, .5, .2)));
    each.add(1, List.of(answer(1, .1, 0, 0), answer(1, 0, .8, .1)));
    each.add(0, List.of(answer(1, .9, 0, 0), answer(1, 0, .3, .2)));
    Evaluation evaluation = Evaluator.evaluate(each);

    assertEquals(1, evaluation.all().accuracy());
    assertEquals(List.of(new Evaluation.RuleAccuracy("side-by-side", 1)), evaluation.rules());
    assertEquals((.4 + .2 + .1) / 3, evaluation.fused().score(), EXACT);
    assertEquals(1 / 3.0, evaluation.withoutOne().get(0).accuracy());
    assertEquals(List.of(0, 1, 0), Evaluator.winners(each, List.of("A", "B")));
    assertEquals(1 / 3.0, Evaluator.sureErrors(each, List.of("B")), "1/3 is below 0.5");
    assertEquals(0, Evaluator.sureErrors(each, List.of("A", "B")));
  }

  @Test
  void evaluate_withoutOne_isAccuracyOfTheOthers() throws Exception {
    outputs.add(2, List.of(answer(1, 0, 0, 1), answer(1, 1, 0, 0))); // eel: only A is right

    assertEquals(
        List.of(new Evaluation.WithoutOne("A", .4), new Evaluation.WithoutOne("B", .6)),
        Evaluator.evaluate(outputs).withoutOne());
  }

  @Test
  void evaluate_singleVariant_hasNoLeaveOneOut() throws Exception {
    Outputs single = new Outputs(Made.set(CLASSES, Made.network("A", 100)));
    single.add(0, List.of(answer(1, 1, 0, 0)));

    assertEquals(List.of(), Evaluator.evaluate(single).withoutOne());
  }

  @Test
  void evaluate_agreement_isShareOfEqualAnswers() throws Exception {
    assertEquals(
        List.of(List.of(1.0, .5), List.of(.5, 1.0)), Evaluator.evaluate(outputs).agreement());
  }

  @Test
  void evaluate_byRight_countsImagesByCorrectVariants() throws Exception {
    assertEquals(
        List.of(
            new Evaluation.ByRight(0, 1, 0, Optional.empty()),
            new Evaluation.ByRight(1, 2, 2, Optional.empty()),
            new Evaluation.ByRight(2, 1, 1, Optional.empty())),
        Evaluator.evaluate(outputs).byRight());
  }

  @Test
  void evaluate_byRightWithReference_countsItsCorrectImages() throws Exception {
    EvaluatedSet compared =
        new EvaluatedSet(
            "made",
            CLASSES,
            Calibration.NONE,
            set.variants(),
            Optional.of(Made.network("full", 1_000)));
    Outputs three = new Outputs(compared);
    three.add(0, List.of(answer(1, 0, 1, 0), answer(1, 0, 0, 1), answer(1, 1, 0, 0)));
    three.add(1, List.of(answer(1, 0, 1, 0), answer(1, 0, 1, 0), answer(1, 0, 0, 1)));

    assertEquals(
        List.of(
            new Evaluation.ByRight(0, 1, 0, Optional.of(1)),
            new Evaluation.ByRight(1, 0, 0, Optional.of(0)),
            new Evaluation.ByRight(2, 1, 1, Optional.of(0))),
        Evaluator.evaluate(three).byRight());
  }

  @Test
  void evaluate_calibrationError_usesTheVariantsProbability() throws Exception {
    // A: .7 and .9 right, .5 wrong twice: a quarter of |1-.7| + |1-.9| + |0-1|
    assertEquals((.3 + .1 + 1.0) / 4, Evaluator.evaluate(outputs).variants().get(0).ece(), EXACT);
  }

  @Test
  void evaluate_fusedError_isBeforeAndAfterCalibration() throws Exception {
    // Means of the winners: 1.9/3 and 1.7/3 right, 2/3 right, 1.7/3 wrong.
    double bins = Math.abs(1 - 1.7 / 3 + (0 - 1.7 / 3)) + (1 - 1.9 / 3) + (1 - 2 / 3.0);
    Evaluation.FusedError error = Evaluator.evaluate(outputs).fused();
    assertEquals(bins / 4, error.score(), EXACT);
    assertEquals(error.score(), error.confidence(), "equal without a calibration");

    // A calibration to a constant 0.75 has no error on these images.
    Calibration flat = new Calibration(List.of(.5), List.of(.75));
    Outputs calibrated =
        new Outputs(new EvaluatedSet("made", CLASSES, flat, set.variants(), Optional.empty()));
    for (int i = 0; i < outputs.images(); i++) {
      calibrated.add(outputs.label(i), List.of(outputs.answer(0, i), outputs.answer(1, i)));
    }
    assertEquals(0, Evaluator.evaluate(calibrated).fused().confidence(), EXACT);
  }

  @Test
  void evaluate_kSweep_endsWithAllClasses() throws Exception {
    // k = 1, second image: 0.9 for cat, 2 * 0.5 for dog: only the first and third are right.
    assertEquals(
        List.of(
            new Evaluation.KAccuracy(1, false, .5),
            new Evaluation.KAccuracy(2, false, .75),
            new Evaluation.KAccuracy(3, true, .75)),
        Evaluator.evaluate(outputs).kSweep());
  }

  @Test
  void evaluate_rules_areThoseOfTheAggregator() throws Exception {
    List<Evaluation.RuleAccuracy> rules = Evaluator.evaluate(outputs).rules();

    assertEquals(
        List.of("scaled-sum", "mean", "product", "majority", "run-off", "trimmed", "agreement"),
        rules.stream().map(Evaluation.RuleAccuracy::rule).toList());
    assertEquals(.75, rules.get(0).accuracy());
    // The lower class wins a tie of one vote each: cat is right, then dog before eel.
    assertEquals(.75, rules.get(3).accuracy());
  }

  @Test
  void evaluate_perClassWithoutImages_isEmpty() throws Exception {
    assertEquals(
        List.of(
            new Evaluation.ClassAccuracy("cat", 2, Optional.of(1.0), List.of(1.0, .5)),
            new Evaluation.ClassAccuracy("dog", 2, Optional.of(.5), List.of(0.0, .5)),
            new Evaluation.ClassAccuracy("eel", 0, Optional.empty(), List.of())),
        Evaluator.evaluate(outputs).perClass());
  }

  @Test
  void evaluate_reference_isEvaluatedButNotFused() throws Exception {
    Outputs withReference =
        new Outputs(
            new EvaluatedSet(
                "made",
                CLASSES,
                Calibration.NONE,
                List.of(Made.network("A", 100)),
                Optional.of(Made.network("full", 224))));
    withReference.add(0, List.of(answer(1_000, 0, 1, 0), answer(7_000, 1, 0, 0)));

    Evaluation evaluation = Evaluator.evaluate(withReference);

    assertEquals(1, evaluation.reference().orElseThrow().accuracy());
    assertEquals(List.of(new Combination(List.of("A"), 0, 100_000)), evaluation.combinations());
    assertEquals(
        Optional.of(7.0), Gains.speedup(evaluation.variants().get(0), evaluation.reference()));
  }

  @Test
  void fullAccuracy_fewClasses_equalsTheRule() throws Exception {
    List<String> many = IntStream.range(0, 16).mapToObj(i -> "c" + i).toList();
    EvaluatedSet wide =
        Made.set(many, Made.network("B", 96), Made.network("A", 224), Made.network("C", 160));
    Outputs random = Made.random(wide, 300, 7);

    Evaluation evaluation = Evaluator.evaluate(random);

    var last = evaluation.kSweep().get(evaluation.kSweep().size() - 1);
    assertEquals(16, last.k());
    assertEquals(last.accuracy(), Evaluator.fullAccuracy(random));
  }

  @Test
  void fullAccuracy_tie_goesToTheLowerClass() {
    Outputs tie = new Outputs(Made.set(CLASSES, Made.network("A", 96)));
    tie.add(0, List.of(answer(1, .5, .5, 0)));

    assertEquals(1, Evaluator.fullAccuracy(tie));
  }

  @Test
  void evaluate_moreClassesThanAReplyHolds_usesFullVectors() throws Exception {
    List<String> many = IntStream.range(0, 40).mapToObj(i -> "c" + i).toList();
    Evaluation evaluation =
        Evaluator.evaluate(Made.random(Made.set(many, Made.network("A", 96)), 50, 3));

    assertEquals(
        List.of(1, 2, 3, 5, 10, 40),
        evaluation.kSweep().stream().map(Evaluation.KAccuracy::k).toList());
  }

  @Test
  void evaluate_noImages_fails() {
    assertThrows(EvaluationException.class, () -> Evaluator.evaluate(new Outputs(set)));
  }
}
