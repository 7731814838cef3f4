package chorale.site.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class MemoryTest {
  private static Memory memory(Double... megabytes) {
    return new Memory("a1", List.of(megabytes));
  }

  @Test
  void isFlat_initialGrowth_doesNotCount() {
    Memory memory = memory(50.0, 90.0, 100.0, 104.0, 102.0);
    assertTrue(memory.isFlat());
    assertEquals(100, memory.least());
    assertEquals(104, memory.most());
    assertEquals(.04, memory.growth(), 1e-9);
  }

  @Test
  void isFlat_laterGrowthOf6Percent_isFalse() {
    assertFalse(memory(50.0, 90.0, 100.0, 100.0, 106.0).isFlat());
  }
}
