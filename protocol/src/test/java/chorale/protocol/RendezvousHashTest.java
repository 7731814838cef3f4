package chorale.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RendezvousHashTest {
  private static final List<String> FLEET = List.of("pi-1", "pi-2", "pi-3", "pi-4", "pi-5");

  /** The values come from an independent implementation of the documented hash. */
  @Test
  void hash_knownKeyAndName_givesTheGoldenValue() {
    assertEquals(
        "5c7ca89632eb285", Long.toHexString(RendezvousHash.hash(new RequestKey(1, 2), "pi-1")));
    assertEquals(
        "b3f0b440bcde367e", Long.toHexString(RendezvousHash.hash(new RequestKey(1, 2), "pi-2")));
    assertEquals(
        "2ab9c6a3db486685",
        Long.toHexString(RendezvousHash.hash(new RequestKey(9, 0xFEDCBA9876543210L), "pi-3")));
  }

  @Test
  void owner_anyOrderOfWorkers_isTheSame() {
    List<String> reversed = new ArrayList<>(FLEET);
    java.util.Collections.reverse(reversed);
    for (int i = 0; i < 100; i++) {
      assertEquals(RendezvousHash.owner(key(i), FLEET), RendezvousHash.owner(key(i), reversed));
    }
  }

  @Test
  void owner_manyRequests_areSpreadEvenly() {
    Map<String, Integer> shares = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      shares.merge(RendezvousHash.owner(key(i), FLEET).orElseThrow(), 1, Integer::sum);
    }
    // Expected: 4,000 each with a standard deviation of 57; the bound is 5 deviations.
    FLEET.forEach(each -> assertEquals(4_000, shares.get(each), 285, each));
  }

  @Test
  void owner_oneWorkerLost_movesOnlyItsShareEvenly() {
    List<String> left = FLEET.subList(1, 5);
    Map<String, Integer> heirs = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      String before = RendezvousHash.owner(key(i), FLEET).orElseThrow();
      String after = RendezvousHash.owner(key(i), left).orElseThrow();
      if (before.equals("pi-1")) {
        heirs.merge(after, 1, Integer::sum);
      } else {
        assertEquals(before, after);
      }
    }
    left.forEach(each -> assertTrue(heirs.get(each) > 850, () -> each + " of " + heirs));
  }

  @Test
  void owner_noWorkers_isEmpty() {
    assertEquals(Optional.empty(), RendezvousHash.owner(key(1), List.of()));
  }

  @Test
  void order_anyInputOrder_isTheSameAndSpreadOverCameras() {
    Map<String, Integer> first = new TreeMap<>();
    for (int i = 0; i < 3000; i++) {
      List<String> order = RendezvousHash.order("camera-" + i, List.of("a1", "a2", "a3"));
      assertEquals(order, RendezvousHash.order("camera-" + i, List.of("a3", "a1", "a2")));
      first.merge(order.get(0), 1, Integer::sum);
    }
    first.values().forEach(share -> assertTrue(share > 900 && share < 1100, first::toString));
    assertEquals(
        List.of("a1", "a2", "a3"), RendezvousHash.order("gate", List.of("a1", "a2", "a3")));
  }

  private static RequestKey key(int i) {
    return RequestKey.of("gate", Optional.empty(), Bytes.utf8("image " + i));
  }
}
