package chorale.aggregator.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.aggregator.fusion.Vote;
import chorale.protocol.Ranked;
import chorale.protocol.RequestKey;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The workers outvoted by the votes of the latest requests. */
final class AgreementsTest {
  private static final int CLASSES = 10;

  private final Agreements agreements = new Agreements();
  private long requests;

  /** Records one vote of each variant V1, V2 and so on. */
  private void request(int... classes) {
    RequestKey key = new RequestKey(++requests, 0);
    for (int i = 0; i < classes.length; i++) {
      hear(key, "V" + (i + 1), "board" + (i + 1), classes[i]);
    }
  }

  private void hear(RequestKey key, String variant, String worker, int index) {
    List<Ranked> ranked = List.of(new Ranked(index, .9));
    agreements.hear(key, worker, new Vote(variant, .35, 96, CLASSES, ranked));
  }

  @Test
  void outvoted_twoEqualLiarsOfFive_areFoundAndReadmitted() {
    for (int i = 1; i <= Agreements.LEAST; i++) {
      assertEquals(Set.of(), agreements.outvoted(), "after " + (i - 1));
      request(1, 1, 1, 2, 2);
    }
    assertEquals(Set.of("board4", "board5"), agreements.outvoted());
    for (int i = 1; i <= Agreements.REQUESTS; i++) {
      request(1, 1, 1, 1, 1);
    }
    assertEquals(Set.of(), agreements.outvoted());
  }

  @Test
  void outvoted_sleepersAmongImperfectBoards_areFoundWithinFiftyRequests() {
    Random random = new Random(5);
    int found = 0;
    for (int i = 0; i < 600 && found == 0; i++) {
      int shown = i % 9;
      int[] votes = new int[5];
      for (int v = 0; v < votes.length; v++) {
        boolean lies = v > 2 && i >= 400;
        votes[v] = lies || random.nextInt(10) == 0 ? shown + 1 : shown;
      }
      request(votes);
      if (agreements.outvoted().containsAll(Set.of("board4", "board5"))) {
        found = i;
      }
    }
    assertTrue(found >= 400 && found < 450, "found after " + found);
  }

  @Test
  void outvoted_noAgreement_isEmpty() {
    for (int i = 1; i <= Agreements.REQUESTS; i++) {
      request(1, 1, 2, 2, 3);
      request(1, 2, 3, 4, i % 2 == 0 ? 4 : 5);
    }
    assertEquals(Set.of(), agreements.outvoted());
  }

  @Test
  void outvoted_neverMoreThanHalf() {
    Random random = new Random(20261130);
    for (int i = 1; i <= 20_000; i++) {
      int[] votes = new int[4 + i / 10_000];
      for (int v = 0; v < votes.length; v++) {
        votes[v] = random.nextInt(1 + (v + i / 1000) % 4);
      }
      request(votes);
      assertTrue(agreements.outvoted().size() <= votes.length / 2, "request " + i);
    }
  }

  @Test
  void outvoted_twoVariants_haveNoMajority() {
    for (int i = 1; i <= Agreements.REQUESTS; i++) {
      RequestKey key = new RequestKey(i, 0);
      hear(key, "V1", "board1", 1);
      hear(key, "V2", "board2", 2);
      hear(key, "V2", "board2-replica", 1);
    }
    assertEquals(Set.of(), agreements.outvoted());
  }

  /** A variant has one vote, and a replica is judged by the other variants. */
  @Test
  void outvoted_replicas_areJudgedSeparately() {
    for (int i = 1; i <= Agreements.LEAST; i++) {
      request(1, 1, 1);
      RequestKey key = new RequestKey(requests, 0);
      hear(key, "V3", "wrong-replica", 2);
      hear(key, "V3", "other-wrong-replica", 2);
      hear(key, "V3", "right-replica", 1);
    }
    assertEquals(Set.of("wrong-replica", "other-wrong-replica"), agreements.outvoted());
  }

  @Test
  void hear_secondVoteOfAWorker_doesNotCount() {
    for (int i = 1; i <= Agreements.LEAST; i++) {
      request(1, 1, 1, 2);
      hear(new RequestKey(requests, 0), "V4", "board4", 1);
    }
    assertEquals(Set.of("board4"), agreements.outvoted());
  }

  /** Late votes count like timely ones, and evicted requests have no effect. */
  @Test
  void outvoted_anyOrderOfTheSameRequests_isTheSame() {
    Agreements other = new Agreements();
    Random random = new Random(3);
    for (int i = 0; i < 50; i++) {
      request(1, 1, 1, 2, 2);
    }
    for (int i = 0; i < Agreements.REQUESTS; i++) {
      request(1, 1, random.nextInt(8) == 0 ? 2 : 1, random.nextInt(5) == 0 ? 2 : 1);
    }
    random = new Random(3);
    int[][] votes = new int[Agreements.REQUESTS][];
    for (int i = 0; i < votes.length; i++) {
      votes[i] = new int[] {1, 1, random.nextInt(8) == 0 ? 2 : 1, random.nextInt(5) == 0 ? 2 : 1};
    }
    for (int v = votes[0].length; v >= 1; v--) {
      for (int i = 0; i < votes.length; i++) {
        Vote vote = new Vote("V" + v, .35, 96, CLASSES, List.of(new Ranked(votes[i][v - 1], .9)));
        other.hear(new RequestKey(-i, 1), "board" + v, vote);
      }
    }
    assertEquals(Set.of("board4"), agreements.outvoted());
    assertEquals(agreements.outvoted(), other.outvoted());
  }
}
