package chorale.evaluation.measurement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoundsTest {
  private final List<String> calls = new ArrayList<>();

  /** Measures 1, 2, 3, ... */
  private final class Counting implements Rounds.Subject {
    private final String name;
    private double value;

    Counting(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Map<String, Double> sample(int turn) {
      calls.add(name + turn);
      return Map.of("time", ++value);
    }
  }

  @Test
  void run_severalRounds_rotateTheOrder() throws Exception {
    Rounds.run(List.of(new Counting("a"), new Counting("b")), new Rounds.Extent(0, 3, 1));

    assertEquals(List.of("a0", "b0", "b0", "a0", "a0", "b0"), calls);
  }

  @Test
  void medians_warmUpRounds_areDiscarded() throws Exception {
    Rounds rounds = Rounds.run(List.of(new Counting("a")), new Rounds.Extent(1, 2, 3));

    assertEquals(List.of(5.0, 8.0), rounds.medians("a", "time"));
    assertEquals(List.of(4.0, 5.0, 6.0, 7.0, 8.0, 9.0), rounds.all("a", "time"));
  }

  @Test
  void medians_evenTurns_areMeansOfTheMiddleValues() throws Exception {
    Rounds rounds = Rounds.run(List.of(new Counting("a")), new Rounds.Extent(0, 1, 4));

    assertEquals(List.of(2.5), rounds.medians("a", "time"));
  }

  @Test
  void medians_unknownMeasure_isRejected() throws Exception {
    Rounds rounds = Rounds.run(List.of(new Counting("a")), new Rounds.Extent(0, 1, 1));

    assertThrows(IllegalArgumentException.class, () -> rounds.medians("a", "weight"));
  }

  @Test
  void measures_missingInOneRound_isExcluded() throws Exception {
    Rounds.Subject forgetful =
        new Rounds.Subject() {
          private int samples;

          @Override
          public String name() {
            return "forgetful";
          }

          @Override
          public Map<String, Double> sample(int turn) {
            return samples++ == 0
                ? Map.of("b", 1.0, "a", 1.0, "c", 1.0)
                : Map.of("b", 2.0, "a", 2.0);
          }
        };

    Rounds rounds = Rounds.run(List.of(forgetful), new Rounds.Extent(0, 2, 1));

    assertEquals(List.of("a", "b"), rounds.measures("forgetful"));
    assertEquals(List.of(), rounds.measures("unknown"));
  }
}
