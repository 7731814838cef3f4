package chorale.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chorale.protocol.Ranked;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ProbabilitiesTest {
  @Test
  void topK_ties_goToTheLowerIndex() {
    Probabilities probabilities = Probabilities.wrap(new float[] {.125f, .375f, .125f, .375f});

    assertEquals(
        List.of(new Ranked(1, .375), new Ranked(3, .375), new Ranked(0, .125)),
        probabilities.topK(3));
  }

  @Test
  void topK_moreThanClasses_returnsAll() {
    Probabilities probabilities = Probabilities.wrap(new float[] {.25f, .75f});

    assertEquals(List.of(new Ranked(1, .75), new Ranked(0, .25)), probabilities.topK(16));
    assertThrows(IllegalArgumentException.class, () -> probabilities.topK(0));
  }

  @Test
  void topK_outputsOfAGroup_ranksOnlyItsClasses() {
    Probabilities probabilities =
        Probabilities.wrap(new float[] {.5f, .125f, .375f}).of(List.of(4, 1), 5);

    assertEquals(List.of(new Ranked(1, .375), new Ranked(4, .125)), probabilities.topK(3));
    assertEquals(Optional.of(.5), probabilities.other());
    assertEquals(5, probabilities.classCount());
    assertEquals(0, probabilities.of(0));
  }

  @Test
  void of_networkForAllClasses_isUnchanged() {
    Probabilities probabilities = Probabilities.wrap(new float[] {.25f, .75f});
    assertEquals(probabilities, probabilities.of(List.of(), 2));
    assertEquals(Optional.empty(), probabilities.other());
  }

  @Test
  void wrap_roundedBeyondBounds_isClamped() {
    Probabilities probabilities = Probabilities.wrap(new float[] {1.0000001f, -1e-9f});

    assertEquals(List.of(new Ranked(0, 1), new Ranked(1, 0)), probabilities.topK(2));
  }

  @Test
  void wrap_notANumber_isRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> Probabilities.wrap(new float[] {0, Float.NaN}));
  }
}
