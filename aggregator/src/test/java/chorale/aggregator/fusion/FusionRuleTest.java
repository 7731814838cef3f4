package chorale.aggregator.fusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.Fusion;
import chorale.protocol.Ranked;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class FusionRuleTest {
  private static final double EXACT = 1e-12;

  static Vote vote(String variant, int inputSize, Object... ranked) {
    List<Ranked> classes = new ArrayList<>();
    for (int i = 0; i < ranked.length; i += 2) {
      classes.add(new Ranked((int) ranked[i], (double) ranked[i + 1]));
    }
    return new Vote(variant, 0.35, inputSize, 10, classes);
  }

  @Test
  void weight_thePapersWidth_isTheInputSize() {
    assertEquals(160, FusionRule.weight(0.35, 160));
    assertEquals(160 * Math.pow(2, 1.15), FusionRule.weight(0.7, 160), 1e-9);
  }

  @Test
  void scaledSum_largerInput_outweighsSmaller() {
    Fused fused =
        WeightedSum.SCALED.fuse(List.of(vote("V1", 96, 3, 0.9, 5, 0.1), vote("V5", 224, 5, 0.6)));
    assertEquals(5, fused.winner());
    assertEquals((96 * 0.1 + 224 * 0.6) / 320, fused.meanProbability(), EXACT);
    assertEquals(fused.meanProbability(), fused.ranked().get(0).score());
    assertEquals(96 * 0.9 / 320, fused.ranked().get(1).score(), EXACT);
  }

  @Test
  void mean_sameVotes_haveEqualWeight() {
    Fused fused =
        WeightedSum.MEAN.fuse(List.of(vote("V1", 96, 3, 0.9, 5, 0.1), vote("V5", 224, 5, 0.6)));
    assertEquals(3, fused.winner());
    assertEquals(0.45, fused.meanProbability(), EXACT);
  }

  @Test
  void product_classOutsideTopK_getsItsShareOfTheRest() {
    Fused fused = new Product().fuse(List.of(vote("V1", 96, 3, 0.9), vote("V2", 128, 5, 0.5)));
    // class 3: 0.9 * 0.5/9; class 5: 0.5 * 0.1/9
    assertEquals(3, fused.winner());
    assertEquals(Math.sqrt(0.9 * 0.5 / 9), fused.ranked().get(0).score(), EXACT);
    assertEquals(Math.sqrt(0.5 * 0.1 / 9), fused.ranked().get(1).score(), EXACT);
    assertEquals(0.45, fused.meanProbability(), EXACT);
  }

  @Test
  void product_noProbabilityLeft_floorsAtOneMillionth() {
    Fused fused = new Product().fuse(List.of(vote("V1", 96, 3, 1.0), vote("V2", 96, 5, 1.0)));
    assertEquals(3, fused.winner());
    assertEquals(1e-3, fused.ranked().get(0).score(), EXACT);
    assertEquals(1e-3, fused.ranked().get(1).score(), EXACT);
  }

  @Test
  void majority_twoAgainstOne_ignoresProbabilities() {
    Fused fused =
        new Majority()
            .fuse(
                List.of(
                    vote("V1", 96, 7, 0.3, 1, 0.2),
                    vote("V2", 96, 7, 0.3),
                    vote("V5", 224, 1, 0.99)));
    assertEquals(7, fused.winner());
    assertEquals(2.0 / 3, fused.ranked().get(0).score(), EXACT);
    assertEquals(0.2, fused.meanProbability(), EXACT);
  }

  @Test
  void runOff_secondChoices_decideBetweenTheFinalists() {
    Fused fused =
        new RunOff()
            .fuse(
                List.of(
                    vote("V1", 96, 3, 0.9, 5, 0.1),
                    vote("V2", 96, 3, 0.9, 5, 0.1),
                    vote("V3", 96, 5, 0.9),
                    vote("V4", 96, 5, 0.9),
                    vote("V5", 96, 7, 0.5, 5, 0.4)));
    assertEquals(5, fused.winner(), "V5 prefers it to 3");
    assertEquals(
        List.of(new Fused.Scored(5, .6), new Fused.Scored(3, .4), new Fused.Scored(7, .2)),
        fused.ranked());
  }

  @Test
  void trimmed_oneCertainLiar_doesNotCount() {
    Fused fused =
        new TrimmedMean()
            .fuse(
                List.of(
                    vote("V1", 96, 3, 0.5, 5, 0.3),
                    vote("V2", 96, 3, 0.4, 5, 0.3),
                    vote("V3", 96, 3, 0.6),
                    vote("V5", 224, 5, 1.0)));
    assertEquals(3, fused.winner());
    assertEquals((0.4 + 0.5) / 2, fused.ranked().get(0).score(), 1e-8);
    assertEquals((0.3 + 0.3) / 2, fused.ranked().get(1).score(), 1e-8);
  }

  @Test
  void trimmed_allDisagree_theMostProbableWins() {
    Fused fused =
        new TrimmedMean()
            .fuse(List.of(vote("V1", 96, 3, 0.5), vote("V2", 96, 4, 0.7), vote("V3", 96, 5, 0.6)));
    assertEquals(4, fused.winner());
  }

  @Test
  void agreement_outvotedVariants_doNotCountUnlessAlone() {
    List<Vote> votes =
        List.of(
            vote("V1", 96, 3, 0.5),
            vote("V2", 128, 3, 0.5),
            vote("V3", 160, 3, 0.5),
            vote("V4", 192, 5, 1.0),
            vote("V5", 224, 5, 1.0));
    FusionRule all = FusionRule.of(Fusion.AGREEMENT);
    assertTrue(all.learns());
    assertEquals(5, all.fuse(votes).winner());
    FusionRule learned = all.without(Set.of("V4", "V5"));
    assertEquals(new Fused(List.of(new Fused.Scored(3, 0.5)), 0.5), learned.fuse(votes));
    assertEquals(5, learned.fuse(votes.subList(3, 5)).winner());
    assertEquals(0, learned.withstands(votes.subList(3, 5)));
    assertFalse(learned.decided(votes.subList(3, 5), new double[] {96}, 0));
  }

  @Test
  void agreement_anyThreeOfThePapersVariants_outweighTheOthers() {
    List<Vote> votes =
        List.of(
            vote("V1", 96, 3, 1.0),
            vote("V2", 128, 3, 1.0),
            vote("V3", 160, 3, 1.0),
            vote("V4", 192, 5, 1.0),
            vote("V5", 224, 5, 1.0));
    assertEquals(3, FusionRule.of(Fusion.AGREEMENT).fuse(votes).winner());
    assertEquals(5, FusionRule.of(Fusion.SCALED_SUM).fuse(votes).winner());
  }

  @Test
  void withstands_scaledSum_theTwoLargestSwings() {
    List<Vote> five = new ArrayList<>();
    for (int i = 1; i <= 5; i++) {
      five.add(vote("V" + i, 64 + 32 * i, 4, 1.0));
    }
    // total weight 800; one liar takes 2 x 224, two take 2 x 416
    assertEquals(1, WeightedSum.SCALED.withstands(five));
    assertEquals(2, new Majority().withstands(five));
    assertEquals(2, new RunOff().withstands(five));
    assertEquals(0, WeightedSum.SCALED.withstands(five.subList(0, 1)));
  }

  @ParameterizedTest
  @EnumSource(Fusion.class)
  void fuse_tie_goesToTheLowerClass(Fusion fusion) {
    Fused fused =
        FusionRule.of(fusion).fuse(List.of(vote("V1", 96, 8, 0.5), vote("V2", 96, 2, 0.5)));
    assertEquals(2, fused.winner());
    assertEquals(8, fused.ranked().get(1).index());
  }

  @ParameterizedTest
  @EnumSource(Fusion.class)
  void fuse_notOneVoteAVariant_isRefused(Fusion fusion) {
    FusionRule rule = FusionRule.of(fusion);
    assertThrows(IllegalArgumentException.class, () -> rule.fuse(List.of()));
    Vote vote = vote("V1", 96, 8, 0.5);
    assertThrows(IllegalArgumentException.class, () -> rule.fuse(List.of(vote, vote)));
    Vote other = new Vote("V2", 0.35, 96, 11, vote.ranked());
    assertThrows(IllegalArgumentException.class, () -> rule.fuse(List.of(vote, other)));
  }

  @ParameterizedTest
  @EnumSource(Fusion.class)
  void decided_noVotesOrNoneMissing_isTrivial(Fusion fusion) {
    FusionRule rule = FusionRule.of(fusion);
    assertFalse(rule.decided(List.of(), FusionRule.NOBODY, 0));
    assertFalse(rule.decided(List.of(), new double[] {96}, 0));
    assertTrue(rule.decided(List.of(vote("V1", 96, 8, 0.5)), FusionRule.NOBODY, 0));
  }

  @Test
  void decided_scaledSum_comparesLeadWithMissingWeight() {
    FusionRule rule = WeightedSum.SCALED;
    List<Vote> votes = List.of(vote("V5", 224, 4, 0.9, 1, 0.1));
    // lead 0.8 * 224 = 179.2
    assertTrue(rule.decided(votes, new double[] {179}, 0));
    assertFalse(rule.decided(votes, new double[] {180}, 0));
    assertFalse(rule.decided(votes, new double[] {96, 96}, 0));
  }

  @Test
  void decided_scaledSum_unnamedClassIsARival() {
    assertFalse(WeightedSum.SCALED.decided(List.of(vote("V5", 224, 4, 0.4)), new double[] {96}, 0));
    assertTrue(WeightedSum.SCALED.decided(List.of(vote("V5", 224, 4, 0.5)), new double[] {96}, 0));
  }

  @Test
  void decided_exactTie_isOpenForSumsAndByIndexForMajority() {
    assertFalse(WeightedSum.SCALED.decided(List.of(vote("V5", 192, 4, 0.5)), new double[] {96}, 0));
    List<Vote> four = List.of(vote("V1", 96, 0, 0.5), vote("V2", 96, 0, 0.5));
    assertTrue(new Majority().decided(four, new double[] {96, 96}, 0));
    List<Vote> second = List.of(vote("V1", 96, 1, 0.5), vote("V2", 96, 1, 0.5));
    assertFalse(new Majority().decided(second, new double[] {96, 96}, 0));
    assertTrue(new Majority().decided(second, new double[] {96}, 0));
  }

  @Test
  void decided_product_needsALeadOfAMillionAVote() {
    Product rule = new Product();
    List<Vote> sure = List.of(vote("V1", 96, 4, 1.0), vote("V2", 96, 4, 1.0));
    assertTrue(rule.decided(sure, new double[] {96}, 0));
    assertFalse(rule.decided(sure, new double[] {96, 96}, 0));
    List<Vote> unsure = List.of(vote("V1", 96, 4, 0.9), vote("V2", 96, 4, 0.9));
    assertFalse(rule.decided(unsure, new double[] {96}, 0));
  }
}
