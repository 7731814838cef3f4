package chorale.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.config.BrokerSettings.CameraRate;
import org.junit.jupiter.api.Test;

class CameraRatesTest {
  private long nowNanos = -5;

  private CameraRates rates(int frames, int bytes) {
    return new CameraRates(new CameraRate(frames, bytes), () -> nowNanos);
  }

  private static int admitted(CameraRates rates, String client, int attempts, long bytes) {
    int admitted = 0;
    for (int i = 0; i < attempts; i++) {
      admitted += rates.admit(client, bytes) ? 1 : 0;
    }
    return admitted;
  }

  @Test
  void admit_moreFramesThanASecondAllows_refusesTheRestUntilTimePasses() {
    CameraRates rates = rates(10, 0);
    assertEquals(10, admitted(rates, "gate", 25, 1));
    nowNanos += 500_000_000;
    assertEquals(5, admitted(rates, "gate", 25, 1));
    nowNanos += 60_000_000_000L;
    assertEquals(10, admitted(rates, "gate", 25, 1), "a pause earns at most one second");
  }

  @Test
  void admit_anotherClient_hasItsOwnRate() {
    CameraRates rates = rates(10, 0);
    assertEquals(10, admitted(rates, "gate", 100, 1));
    assertTrue(rates.admit("door", 1));
  }

  @Test
  void admit_bytesOverdrawn_refusesUntilRefilled() {
    CameraRates rates = rates(0, 1000);
    assertTrue(rates.admit("gate", 3000), "one frame of any size is admitted");
    assertFalse(rates.admit("gate", 1));
    nowNanos += 1_900_000_000L;
    assertFalse(rates.admit("gate", 1));
    nowNanos += 200_000_000L;
    assertTrue(rates.admit("gate", 1));
  }

  @Test
  void admit_noLimits_admitsEverything() {
    CameraRates rates = rates(0, 0);
    assertEquals(10_000, admitted(rates, "gate", 10_000, 1 << 24));
  }

  @Test
  void admit_manyClients_remembersTheLatest() {
    CameraRates rates = rates(1, 0);
    assertTrue(rates.admit("first", 1));
    assertFalse(rates.admit("first", 1));
    for (int i = 0; i < CameraRates.MAX_CLIENTS; i++) {
      assertTrue(rates.admit("client-" + i, 1));
    }
    assertTrue(rates.admit("first", 1), "forgotten");
  }

  @Test
  void limit_isForPeople() {
    assertEquals("10 frames and 20 bytes a second", rates(10, 20).limit());
    assertEquals("20 bytes a second", rates(0, 20).limit());
  }
}
