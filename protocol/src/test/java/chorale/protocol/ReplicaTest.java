package chorale.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReplicaTest {
  private static final int REQUESTS = 20_000;
  private static final List<Replica> FLEET =
      List.of(replica("pi-1", 10), replica("pi-2", 20), replica("pi-3", 40));

  /** The values come from an independent implementation of the documented draw. */
  @Test
  void draw_knownKeyNameAndTime_givesTheGoldenValue() {
    assertEquals(3.7906986410321912, replica("pi-1", 1).draw(new RequestKey(1, 2)), 1e-14);
    assertEquals(0.8813814767259673, replica("pi-2", 2.5).draw(new RequestKey(1, 2)), 1e-14);
    assertEquals(
        21.93211984270752,
        replica("pi-3", 12.25).draw(new RequestKey(9, 0xFEDCBA9876543210L)),
        1e-13);
  }

  @Test
  void precedes_anyOrderOfWorkers_namesTheSameOwner() {
    List<Replica> reversed = new ArrayList<>(FLEET);
    Collections.reverse(reversed);
    for (int i = 0; i < 100; i++) {
      assertEquals(owner(key(i), FLEET), owner(key(i), reversed));
    }
  }

  @Test
  void precedes_equalDraws_goesToTheLowerName() {
    RequestKey key = new RequestKey(1, 2);
    Replica one = new Replica("a", 5, 1);
    Replica two = new Replica("b", 5, 1);
    assertTrue(one.precedes(two, key));
    assertFalse(two.precedes(one, key));
  }

  @Test
  void precedes_manyRequests_areSpreadBySpeed() {
    Map<String, Integer> shares = shares(FLEET);
    // Speeds 4 : 2 : 1; the bound is 5 standard deviations.
    assertEquals(REQUESTS * 4 / 7.0, shares.get("pi-1"), 350);
    assertEquals(REQUESTS * 2 / 7.0, shares.get("pi-2"), 320);
    assertEquals(REQUESTS / 7.0, shares.get("pi-3"), 250);
  }

  @Test
  void precedes_framesOfOneImageAndCamera_areSpreadByTheirCorrelation() {
    int first = 0;
    for (int i = 0; i < 1_000; i++) {
      RequestKey key =
          RequestKey.of("gate", Optional.of(Bytes.utf8("frame " + i)), Bytes.utf8("image"));
      first += owner(key, FLEET).equals("pi-1") ? 1 : 0;
    }
    assertEquals(571, first, 80);
  }

  @Test
  void precedes_oneWorkerLost_movesOnlyItsShareBySpeed() {
    List<Replica> left = FLEET.subList(1, 3);
    Map<String, Integer> heirs = new HashMap<>();
    for (int i = 0; i < REQUESTS; i++) {
      String before = owner(key(i), FLEET);
      String after = owner(key(i), left);
      if (before.equals("pi-1")) {
        heirs.merge(after, 1, Integer::sum);
      } else {
        assertEquals(before, after);
      }
    }
    assertEquals(2, heirs.get("pi-2") / (double) heirs.get("pi-3"), .2);
  }

  /** After a restart with a slower benchmark, only requests of that worker move. */
  @Test
  void precedes_oneWorkerSlower_movesOnlyFromIt() {
    List<Replica> slower = List.of(replica("pi-1", 15), FLEET.get(1), FLEET.get(2));
    for (int i = 0; i < REQUESTS; i++) {
      String after = owner(key(i), slower);
      assertTrue(owner(key(i), FLEET).equals("pi-1") || owner(key(i), FLEET).equals(after));
    }
  }

  /** Data parallelism and its aggregator depend on this. */
  @Test
  void precedes_equalTimes_namesTheOwnerOfTheUnweightedHash() {
    List<String> names = List.of("pi-1", "pi-2", "pi-3", "pi-4");
    List<Replica> equal = names.stream().map(name -> replica(name, 1)).toList();
    for (int i = 0; i < REQUESTS; i++) {
      assertEquals(RendezvousHash.owner(key(i), names).orElseThrow(), owner(key(i), equal));
    }
  }

  @Test
  void isForAll_manyRequests_isOneIn50OfEachWorkersShare() {
    int forAll = 0;
    int ofTheFastest = 0;
    for (int i = 0; i < REQUESTS; i++) {
      if (Replica.isForAll(key(i))) {
        forAll++;
        ofTheFastest += owner(key(i), FLEET).equals("pi-1") ? 1 : 0;
      }
    }
    assertEquals(400, forAll, 100);
    assertEquals(forAll * 4 / 7.0, ofTheFastest, 50);
    assertTrue(Replica.isForAll(new RequestKey(50, 1)));
    assertTrue(Replica.isForAll(new RequestKey(-16, 1)), "2^64 - 16 is a multiple of 50");
    assertFalse(Replica.isForAll(new RequestKey(-50, 1)));
  }

  private static Map<String, Integer> shares(List<Replica> fleet) {
    Map<String, Integer> shares = new HashMap<>();
    for (int i = 0; i < REQUESTS; i++) {
      shares.merge(owner(key(i), fleet), 1, Integer::sum);
    }
    return shares;
  }

  private static String owner(RequestKey key, List<Replica> fleet) {
    Replica owner = fleet.get(0);
    for (Replica each : fleet) {
      owner = each.precedes(owner, key) ? each : owner;
    }
    return owner.worker();
  }

  private static Replica replica(String worker, double millis) {
    return new Replica(worker, RendezvousHash.fnv(worker), millis);
  }

  private static RequestKey key(int i) {
    return RequestKey.of("gate", Optional.empty(), Bytes.utf8("image " + i));
  }
}
