package chorale.evaluation.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.aggregator.fusion.Fused;
import chorale.aggregator.fusion.FusionRule;
import chorale.aggregator.fusion.Vote;
import chorale.evaluation.EvaluatedSet;
import chorale.evaluation.EvaluationException;
import chorale.evaluation.Evaluator;
import chorale.evaluation.Made;
import chorale.evaluation.Network;
import chorale.evaluation.Outputs;
import chorale.evaluation.attack.Attacks.Row;
import chorale.evaluation.attack.Attacks.Searched;
import chorale.evaluation.attack.Replay.Asked;
import chorale.protocol.Fusion;
import chorale.protocol.Ranked;
import chorale.worker.Classification;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AttackRunTest {
  private static final List<String> CLASSES =
      IntStream.range(0, 10).mapToObj(i -> "class" + i).toList();
  private static final Network[] FIVE = {
    Made.network("V1", 96),
    Made.network("V2", 128),
    Made.network("V3", 160),
    Made.network("V4", 192),
    Made.network("V5", 224)
  };
  private static final int IMAGES = 400;
  private static final Outputs OUTPUTS = accurate();
  private static final List<String> STEPS = new ArrayList<>();

  private static Attacks attacks;

  /** Returns outputs with an accuracy of 90 % per variant, as in a trained set. */
  private static Outputs accurate() {
    Random random = new Random(5);
    Outputs outputs = new Outputs(Made.set(CLASSES, FIVE));
    for (int image = 0; image < IMAGES; image++) {
      int label = random.nextInt(CLASSES.size());
      List<Classification> answers = new ArrayList<>();
      for (int variant = 0; variant < FIVE.length; variant++) {
        double[] probabilities = new double[CLASSES.size()];
        double sure = 1 - Math.pow(random.nextDouble(), 4) / 2;
        int first = random.nextInt(10) > 0 ? label : random.nextInt(CLASSES.size());
        probabilities[first] = sure;
        probabilities[(first + 1 + random.nextInt(CLASSES.size() - 1)) % CLASSES.size()] = 1 - sure;
        answers.add(Made.answer(1_000, probabilities));
      }
      outputs.add(label, answers);
    }
    return outputs;
  }

  @BeforeAll
  static void run() throws EvaluationException {
    System.setProperty("java.awt.headless", "true");
    attacks = AttackRun.of(OUTPUTS, 1, STEPS::add);
  }

  private static Attacks.Choices over(String attack, int liars, Fusion rule) {
    return attacks.row(attack, liars, rule).orElseThrow().over();
  }

  @Test
  void run_everyAttackRuleAndNumberOfLiars_hasARow() {
    int attacksAndNone = 2 + Attack.values().length * AttackRun.MOST_LIARS;
    assertEquals(attacksAndNone * Fusion.values().length, attacks.rows().size());
    assertEquals(Attack.values().length + 1, STEPS.size());
    for (Row row : attacks.rows()) {
      assertEquals(row.liars(), row.worst().size());
      assertTrue(row.over().accuracy() <= row.over().mean() + 1e-12, row::toString);
    }
  }

  @Test
  void run_noLiars_hasTheEvaluationsAccuracy() {
    List<Integer> winners = Evaluator.winners(OUTPUTS, List.of("V1", "V2", "V3", "V4", "V5"));
    long right = IntStream.range(0, IMAGES).filter(i -> winners.get(i) == OUTPUTS.label(i)).count();
    Attacks.Choices honest = over(Row.NONE, 0, Fusion.SCALED_SUM);
    assertEquals(right / (double) IMAGES, honest.accuracy());
    assertEquals(honest.accuracy(), honest.honest());
    assertEquals(0, honest.lost());
  }

  @Test
  void run_twoLiars_agreementKeepsTheHonestAccuracy() {
    for (Attack attack : List.of(Attack.RUNNER_UP, Attack.COLLUDING, Attack.LABEL_FLIP)) {
      Attacks.Choices agreement = over(attack.label(), 2, Fusion.AGREEMENT);
      assertTrue(agreement.lost() < .1, attack + ": " + agreement);
      Attacks.Choices sum = over(attack.label(), 2, Fusion.SCALED_SUM);
      assertTrue(sum.accuracy() < agreement.accuracy() - .2, attack + ": " + sum);
    }
  }

  @Test
  void run_certificates_areNeverFalse() {
    assertEquals(0, attacks.falsely());
    for (Searched each : attacks.searches()) {
      assertEquals(0, each.falsely(), each::toString);
      assertEquals(IMAGES, each.windows());
      assertTrue(each.certified() > 0, each::toString);
    }
    assertTrue(over(Row.NONE, 0, Fusion.RUN_OFF).certified() > .1);
  }

  @Test
  void run_checks_findOnlyInconsistentBoards() {
    Row random = attacks.row(Attack.RANDOM.label(), 2, Fusion.MEAN).orElseThrow();
    assertTrue(random.checks().after().isPresent());
    Row fixed = attacks.row(Attack.COLLUDING.label(), 2, Fusion.MEAN).orElseThrow();
    assertTrue(fixed.checks().after().isEmpty());
    Row three = attacks.row(Attack.RANDOM.label(), 3, Fusion.MEAN).orElseThrow();
    assertTrue(three.checks().after().isEmpty(), "at most 2 of 5 may be quarantined");
    attacks.rows().forEach(row -> assertEquals(0, row.checks().honest(), row::toString));
    assertEquals(0, attacks.calm().quarantined());
  }

  @Test
  void search_tooHighCertificate_isFalse() {
    FusionRule honest = FusionRule.of(Fusion.SCALED_SUM);
    FusionRule optimist =
        new FusionRule() {
          @Override
          public Fused fuse(List<Vote> votes) {
            return honest.fuse(votes);
          }

          @Override
          public boolean isOutOfReach(List<Vote> votes, double[] missingWeights, int liars) {
            return liars < 2 || honest.isOutOfReach(votes, missingWeights, liars);
          }
        };
    List<Vote> votes =
        List.of(vote("V1", 96, 1), vote("V2", 96, 1), vote("V3", 96, 1), vote("V5", 224, 2));
    Asked window = new Asked(1, votes);
    assertEquals(
        new CertificateSearch.Found(0, 0), CertificateSearch.search(honest, List.of(window)));
    assertEquals(
        new CertificateSearch.Found(1, 1), CertificateSearch.search(optimist, List.of(window)));
  }

  private static Vote vote(String variant, int input, int index) {
    return new Vote(variant, .35, input, 10, List.of(new Ranked(index, .9)));
  }

  @Test
  void told_eachAttack_followsItsDescription() {
    List<Vote> votes =
        List.of(vote("V1", 96, 1), vote("V2", 128, 1), vote("V3", 160, 2), vote("V4", 192, 9));
    assertEquals(List.of(), said(Attack.SILENT, votes, 0));
    assertEquals(List.of(new Ranked(3, 1)), said(Attack.ONE_CLASS, votes, 0));
    assertEquals(List.of(new Ranked(0, .9)), said(Attack.LABEL_FLIP, votes, 0));
    assertEquals(List.of(new Ranked(2, 1)), said(Attack.RUNNER_UP, votes, 0));
    assertEquals(List.of(new Ranked(9, .9)), said(Attack.SLEEPERS, votes, 0));
    assertEquals(List.of(new Ranked(2, 1)), said(Attack.SLEEPERS, votes, 1));
    assertEquals(List.of(new Ranked(9, .9)), said(Attack.DRIFTING, votes, 0));
    assertEquals(List.of(new Ranked(2, .5)), said(Attack.DRIFTING, votes, 1));
    assertEquals(said(Attack.RANDOM, votes, 1), said(Attack.RANDOM, votes, 1));
    assertEquals(List.of(new Ranked(2, 1)), said(Attack.SELDOM, votes, 0));
    List<Vote> sure = List.of(votes.get(0), votes.get(1), vote("V3", 160, 1), votes.get(3));
    assertEquals(List.of(new Ranked(9, .9)), said(Attack.PICKY, sure, 0));
    long lies = IntStream.range(0, 1000).filter(i -> Attack.SOMETIMES.isLying(i, 1000)).count();
    assertTrue(lies > 240 && lies < 360, "lies: " + lies);
  }

  /** Returns the fourth board's vote for one of two requests. */
  private static List<Ranked> said(Attack attack, List<Vote> votes, int number) {
    Asked asked = new Asked(1, votes);
    Replay replay = new Replay(List.of(asked, asked), Optional.of(attack), Set.of(3));
    List<Optional<Vote>> told = replay.told(number, asked);
    assertEquals(votes.subList(0, 3), told.stream().limit(3).flatMap(Optional::stream).toList());
    return told.get(3).map(Vote::ranked).orElse(List.of());
  }

  @Test
  void json_hasTheDocumentedFields() throws Exception {
    JsonNode results = new ObjectMapper().readTree(AttackJson.write(attacks)).path("results");
    assertEquals(attacks.rows().size(), results.size());
    for (JsonNode each : results) {
      for (String field :
          List.of("rule", "attack", "liars", "accuracy", "certified", "false_certificates")) {
        assertTrue(each.hasNonNull(field), field + ": " + each);
      }
      assertTrue(each.has("quarantined_after") && each.has("honest_quarantined"), each::toString);
    }
  }

  @Test
  void lines_fitATerminal() {
    for (String line : AttackText.lines(attacks, UnaryOperator.identity())) {
      assertTrue(line.length() <= 80, line);
    }
  }

  @Test
  void report_hasEveryLinkedFile(@TempDir Path folder) throws Exception {
    AttackReport.of(attacks, "test.zip").write(folder, "report.md");
    Matcher links =
        Pattern.compile("\\]\\(([^)]+)\\)").matcher(Files.readString(folder.resolve("report.md")));
    int files = 0;
    while (links.find()) {
      assertTrue(Files.size(folder.resolve(links.group(1))) > 1_000, links.group(1));
      files++;
    }
    assertEquals(6, files);
  }

  @Test
  void run_twoVariantsOrNoImages_fails() {
    EvaluatedSet two = Made.set(CLASSES, FIVE[0], FIVE[1]);
    EvaluationException few =
        assertThrows(
            EvaluationException.class, () -> AttackRun.of(Made.random(two, 5, 1), 1, s -> {}));
    assertTrue(few.getMessage().contains("2 variants (allowed: at least 3"), few::getMessage);
    EvaluatedSet five = Made.set(CLASSES, FIVE);
    EvaluatedSet byClass =
        new EvaluatedSet(
            "made", CLASSES, five.calibration(), five.variants(), Optional.empty(), true);
    assertThrows(EvaluationException.class, () -> AttackRun.of(new Outputs(byClass), 1, s -> {}));
    Outputs none = new Outputs(five);
    assertThrows(EvaluationException.class, () -> AttackRun.of(none, 1, s -> {}));
  }
}
