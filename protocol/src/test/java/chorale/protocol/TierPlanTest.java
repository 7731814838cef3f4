package chorale.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TierPlanTest {
  @Test
  void parse_plan_isWrittenAsItWasRead() {
    TierPlan plan = TierPlan.parse("V2/V3,V1/reference");

    assertEquals(List.of(List.of("V2"), List.of("V1", "V3"), List.of("reference")), plan.tiers());
    assertEquals("V2/V1,V3/reference", plan.label());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "V1/", "V1,,V2", "V1/V1", "V1,V2/V 3", "a/b/c/d/e"})
  void parse_anythingElse_isRefused(String text) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> TierPlan.parse(text));
    assertEquals(
        "'"
            + text
            + "' (allowed: 1 to 4 tiers of variants, each variant once, like V2/V1,V3/reference)",
        e.getMessage());
  }

  @Test
  void escalation_otherNumberOfThresholds_isRefused() {
    TierPlan plan = TierPlan.parse("V1/V2");

    assertThrows(IllegalArgumentException.class, () -> new Escalation(plan, List.of()));
    assertThrows(IllegalArgumentException.class, () -> new Escalation(plan, List.of(1.5)));
  }
}
