package chorale.aggregator.fusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.Fusion;
import chorale.protocol.Ranked;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Properties that every rule guarantees, on random votes; the seed is in each message. */
final class FusionPropertyTest {
  private static final int ROUNDS = 6_000;
  private static final int[] SIZES = {96, 128, 160, 192, 224};
  private static final double[] ALPHAS = {0.35, 0.35, 0.5, 1.0};

  /** All rules, and one with two outvoted variants. */
  static Stream<FusionRule> rules() {
    FusionRule learned = FusionRule.of(Fusion.AGREEMENT).without(Set.of("V2", "V4"));
    return Stream.concat(Stream.of(Fusion.values()).map(FusionRule::of), Stream.of(learned));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void decided_thenNoCompletion_changesTheWinner(FusionRule rule) {
    long seed = Long.getLong("chorale.seed", 20261123L);
    Random random = new Random(seed);
    int decided = 0;
    for (int round = 0; round < ROUNDS; round++) {
      int variants = 2 + random.nextInt(5);
      int classCount = 2 + random.nextInt(6);
      int favorite = random.nextInt(classCount);
      List<Vote> all = new ArrayList<>();
      for (int v = 0; v < variants; v++) {
        all.add(vote(random, "V" + (v + 1), classCount, favorite));
      }
      Collections.shuffle(all, random);
      int heard = 1 + random.nextInt(variants - 1);
      List<Vote> votes = all.subList(0, heard);
      List<Vote> missing = all.subList(heard, variants);
      double[] weights = missing.stream().mapToDouble(Vote::weight).toArray();
      if (!rule.decided(votes, weights, 0)) {
        continue;
      }
      decided++;
      Fused now = rule.fuse(votes);
      String where = rule + ", seed " + seed + ", round " + round + ": ";
      assertSame(rule, votes, missing, now, where + "as drawn ");
      for (int rival = 0; rival < classCount; rival++) {
        List<Vote> against = new ArrayList<>();
        for (Vote each : missing) {
          against.add(certain(each, rival));
        }
        assertSame(rule, votes, against, now, where + "all for " + rival + " ");
        assertSame(rule, votes, against.subList(0, 1), now, where + "one for " + rival + " ");
      }
      for (int i = 0; i < 5; i++) {
        List<Vote> some = new ArrayList<>();
        for (Vote each : missing) {
          if (random.nextBoolean()) {
            some.add(redrawn(random, each));
          }
        }
        assertSame(rule, votes, some, now, where + "some ");
      }
    }
    assertTrue(decided > ROUNDS / 50, rule + ": only " + decided + " were decided");
  }

  /**
   * These bounds are tight: if the winner is undecided, one vote for one class overtakes it or,
   * apart from rounding, ties with it.
   */
  @ParameterizedTest
  @EnumSource(names = {"SCALED_SUM", "MEAN", "PRODUCT", "MAJORITY", "AGREEMENT"})
  void undecided_thenSomeCompletion_changesTheWinner(Fusion fusion) {
    FusionRule rule = FusionRule.of(fusion);
    long seed = Long.getLong("chorale.seed", 42L);
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      int classCount = 2 + random.nextInt(6);
      int favorite = random.nextInt(classCount);
      Vote one = vote(random, "V1", classCount, favorite);
      Vote two = vote(random, "V2", classCount, favorite);
      Vote last = vote(random, "V3", classCount, favorite);
      List<Vote> votes = List.of(one, two);
      if (rule.decided(votes, new double[] {last.weight()}, 0)) {
        continue;
      }
      int winner = rule.fuse(votes).winner();
      boolean changed = false;
      for (int rival = 0; rival < classCount; rival++) {
        Fused fused = rule.fuse(List.of(one, two, certain(last, rival)));
        changed |= fused.winner() != winner || isTied(fused);
      }
      assertTrue(changed, fusion + ", seed " + seed + ", round " + round + ": " + votes);
    }
  }

  /**
   * An independent search over all choices of liars, who stay silent, name one class, or vote
   * freely.
   */
  @ParameterizedTest
  @MethodSource("rules")
  void withstands_thenNoLiars_changeTheWinner(FusionRule rule) {
    Random random = new Random(20261130);
    int certified = 0;
    for (int round = 0; round < ROUNDS; round++) {
      int classCount = 2 + random.nextInt(6);
      int favorite = random.nextInt(classCount);
      List<Vote> votes = new ArrayList<>();
      for (int v = 0; v < 2 + random.nextInt(5); v++) {
        votes.add(vote(random, "V" + (v + 1), classCount, favorite));
      }
      int liars = rule.withstands(votes);
      if (liars == 0) {
        continue;
      }
      certified++;
      int winner = rule.fuse(votes).winner();
      String where = rule + ", round " + round + ", " + liars + " liars of " + votes + ": ";
      for (int chosen = 0; chosen < 1 << votes.size(); chosen++) {
        if (Integer.bitCount(chosen) != liars) {
          continue;
        }
        for (int rival = -1; rival < classCount + 3; rival++) {
          List<Vote> told = lied(random, votes, chosen, rival);
          assertEquals(winner, rule.fuse(told).winner(), () -> where + told);
        }
      }
    }
    assertTrue(certified > ROUNDS / 20, rule + ": only " + certified + " were certified");
  }

  /**
   * @param chosen a bit for each vote
   * @param rival -1: the liars are silent; a class: all name only that class; otherwise: any votes
   */
  private static List<Vote> lied(Random random, List<Vote> votes, int chosen, int rival) {
    List<Vote> told = new ArrayList<>();
    for (int v = 0; v < votes.size(); v++) {
      Vote vote = votes.get(v);
      if ((chosen & 1 << v) == 0) {
        told.add(vote);
      } else if (rival >= 0) {
        told.add(rival < vote.classCount() ? certain(vote, rival) : redrawn(random, vote));
      }
    }
    return told;
  }

  /** The certificate is tight for sums and majority: one more liar changes the class, or ties. */
  @ParameterizedTest
  @EnumSource(names = {"SCALED_SUM", "MEAN", "MAJORITY", "AGREEMENT"})
  void withstands_oneLiarMore_changesTheWinner(Fusion fusion) {
    FusionRule rule = FusionRule.of(fusion);
    Random random = new Random(7);
    for (int round = 0; round < ROUNDS; round++) {
      int classCount = 2 + random.nextInt(6);
      int favorite = random.nextInt(classCount);
      List<Vote> votes = new ArrayList<>();
      for (int v = 0; v < 5; v++) {
        votes.add(vote(random, "V" + (v + 1), classCount, favorite));
      }
      int liars = rule.withstands(votes) + 1;
      int winner = rule.fuse(votes).winner();
      boolean changed = liars == votes.size();
      for (int chosen = 0; chosen < 1 << votes.size(); chosen++) {
        for (int rival = 0; rival < classCount && Integer.bitCount(chosen) == liars; rival++) {
          Fused fused = rule.fuse(lied(random, votes, chosen, rival));
          changed |= fused.winner() != winner || isTied(fused);
        }
      }
      assertTrue(changed, fusion + ", round " + round + ": " + votes);
    }
  }

  @ParameterizedTest
  @EnumSource(Fusion.class)
  void fuse_anyOrder_givesTheIdenticalAnswer(Fusion fusion) {
    FusionRule rule = FusionRule.of(fusion);
    Random random = new Random(7);
    for (int round = 0; round < 2_000; round++) {
      List<Vote> votes = new ArrayList<>();
      for (int v = 0; v < 5; v++) {
        votes.add(vote(random, "V" + (v + 1), 10, random.nextInt(10)));
      }
      Fused fused = rule.fuse(votes);
      Collections.shuffle(votes, random);
      assertEquals(fused, rule.fuse(votes), "round " + round);
      assertTrue(fused.meanProbability() >= 0 && fused.meanProbability() <= 1);
    }
  }

  private static boolean isTied(Fused fused) {
    List<Fused.Scored> ranked = fused.ranked();
    return ranked.size() > 1 && ranked.get(0).score() - ranked.get(1).score() < 1e-9;
  }

  private static void assertSame(
      FusionRule rule, List<Vote> votes, List<Vote> more, Fused now, String what) {
    List<Vote> completed = new ArrayList<>(votes);
    completed.addAll(more);
    assertEquals(now.winner(), rule.fuse(completed).winner(), () -> what + completed);
  }

  private static Vote certain(Vote of, int index) {
    return new Vote(
        of.variant(), of.alpha(), of.inputSize(), of.classCount(), List.of(new Ranked(index, 1)));
  }

  private static Vote redrawn(Random random, Vote of) {
    Vote drawn = vote(random, of.variant(), of.classCount(), random.nextInt(of.classCount()));
    return new Vote(of.variant(), of.alpha(), of.inputSize(), of.classCount(), drawn.ranked());
  }

  /** Often sure of the favorite, with floats as on the wire, sometimes exactly 0 or 1. */
  private static Vote vote(Random random, String variant, int classCount, int favorite) {
    int k = 1 + random.nextInt(Math.min(3, classCount));
    Set<Integer> used = new HashSet<>();
    List<Ranked> ranked = new ArrayList<>();
    double left = 1;
    double last = 1;
    for (int i = 0; i < k; i++) {
      int index = i == 0 && random.nextInt(10) < 8 ? favorite : random.nextInt(classCount);
      if (!used.add(index)) {
        continue;
      }
      double share = i == 0 ? 1 - Math.pow(random.nextDouble(), 4) : random.nextDouble();
      double probability = random.nextInt(6) == 0 ? left : (float) (left * share);
      probability = Math.min(Math.min(probability, last), Math.max(0, left));
      ranked.add(new Ranked(index, probability));
      left -= probability;
      last = probability;
    }
    return new Vote(
        variant,
        ALPHAS[random.nextInt(ALPHAS.length)],
        SIZES[random.nextInt(SIZES.length)],
        classCount,
        ranked);
  }
}
