package chorale.site.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class FaultScheduleTest {
  private static List<Fault> counted(long seed, Map<FaultKind, Integer> counts) {
    List<Fault> faults = new ArrayList<>();
    FaultSchedule.counted(seed, counts).forEachRemaining(faults::add);
    return faults;
  }

  @Test
  void counted_sameSeed_givesTheSameFaults() {
    Map<FaultKind, Integer> counts = Map.of(FaultKind.KILL, 5, FaultKind.CUT, 5);
    assertEquals(counted(7, counts), counted(7, counts));
    assertNotEquals(counted(7, counts), counted(8, counts));
  }

  @Test
  void counted_stops_halfHitTheOwnerAndAllHaveAllowedDurations() {
    List<Fault> stops = counted(7, Map.of(FaultKind.STOP, 40));
    assertEquals(40, stops.size());
    assertEquals(20, stops.stream().filter(each -> each.aim() == Fault.Aim.SHADOW).count());
    for (Fault each : stops) {
      assertTrue(each.lasts().compareTo(Duration.ofSeconds(1)) >= 0, each::toString);
      assertTrue(each.lasts().compareTo(Duration.ofSeconds(30)) <= 0, each::toString);
    }
  }

  @Test
  void endless_kinds_allOccur() {
    Set<FaultKind> kinds = EnumSet.noneOf(FaultKind.class);
    Iterator<Fault> faults = FaultSchedule.endless(7, List.of(FaultKind.values()));
    for (int i = 0; i < 200; i++) {
      kinds.add(faults.next().kind());
    }
    assertEquals(EnumSet.allOf(FaultKind.class), kinds);
  }

  @Test
  void endless_links_hitEveryAim() {
    Set<Fault.Aim> aims = EnumSet.noneOf(Fault.Aim.class);
    Iterator<Fault> faults = FaultSchedule.endless(7, List.of(FaultKind.DELAY, FaultKind.TRICKLE));
    for (int i = 0; i < 200; i++) {
      Fault fault = faults.next();
      aims.add(fault.aim());
      assertTrue(fault.delay().toMillis() >= 20 && fault.delay().toMillis() <= 1_500, fault::label);
      assertTrue(
          fault.bytesPerSecond() >= 4_096 && fault.bytesPerSecond() <= 262_144, fault::label);
    }
    assertEquals(EnumSet.of(Fault.Aim.OWNER, Fault.Aim.SHADOW, Fault.Aim.WORKER), aims);
  }

  @Test
  void endless_noKinds_hasNoFaults() {
    assertFalse(FaultSchedule.endless(7, List.of()).hasNext());
  }
}
