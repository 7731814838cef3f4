package chorale.aggregator.strategy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.aggregator.fusion.Fused;
import chorale.aggregator.fusion.FusionRule;
import chorale.aggregator.fusion.Vote;
import chorale.protocol.Ranked;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SideBySideTest {
  private static final FusionRule RULE = new SideBySide();

  private static Vote vote(String variant, int first, double p, int second, double q) {
    return new Vote(variant, 1, 224, 4, List.of(new Ranked(first, p), new Ranked(second, q)));
  }

  @Test
  void fuse_groups_areJoined() {
    Fused fused = RULE.fuse(List.of(vote("G1", 3, .5, 0, .25), vote("G2", 1, .75, 2, .125)));

    assertEquals(
        List.of(
            new Fused.Scored(1, .75),
            new Fused.Scored(3, .5),
            new Fused.Scored(0, .25),
            new Fused.Scored(2, .125)),
        fused.ranked());
    assertEquals(.75, fused.meanProbability());
  }

  @Test
  void fuse_ties_goToTheLowerClass() {
    Fused fused = RULE.fuse(List.of(vote("G1", 3, .5, 0, .5), vote("G2", 1, .5, 2, .5)));
    assertEquals(List.of(0, 1, 2, 3), fused.ranked().stream().map(Fused.Scored::index).toList());
  }

  @Test
  void fuse_classInTwoVotes_hasTheLargerProbability() {
    Fused fused = RULE.fuse(List.of(vote("G1", 1, .5, 0, .25), vote("G2", 1, .75, 2, .125)));
    assertEquals(new Fused.Scored(1, .75), fused.ranked().get(0));
    assertEquals(3, fused.ranked().size());
  }

  /** A missing variant may still have a probability of 1. */
  @Test
  void decided_anyVoteMissing_isFalse() {
    List<Vote> votes = List.of(vote("G1", 0, 1, 1, 0));
    assertFalse(RULE.decided(votes, new double[] {1e-9}, 0));
    assertTrue(RULE.decided(votes, FusionRule.NOBODY, 0));
    assertEquals(0, RULE.withstands(List.of(votes.get(0), vote("G2", 2, .1, 3, .1))));
  }
}
