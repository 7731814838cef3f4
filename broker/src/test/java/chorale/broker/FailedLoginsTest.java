package chorale.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.CapturedLog;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FailedLoginsTest {
  private static final String HERE = "192.168.1.7";
  private static final String THERE = "192.168.1.8";

  private final CapturedLog log = new CapturedLog(EmbeddedBroker.class);
  private long nowNanos;
  private final FailedLogins failed = new FailedLogins(() -> nowNanos);

  @AfterEach
  void close() {
    log.close();
  }

  /** Fails a login; returns the delay of its answer. */
  private long fail(String address) {
    assertTrue(failed.begin(address));
    long millis = failed.fail(address, "user 'gate': the password is wrong", false);
    failed.end(address);
    return millis;
  }

  private void pass(Duration time) {
    nowNanos += time.toNanos();
  }

  @Test
  void fail_again_isAnsweredWithIncreasingDelay() {
    List<Long> millis = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      millis.add(fail(HERE));
    }
    assertEquals(List.of(0L, 0L, 0L, 250L, 500L, 1000L, 2000L, 4000L, 4000L), millis.subList(0, 9));
    assertEquals(4000L, millis.get(99));
    assertEquals(0, fail(THERE), "another address");
  }

  @Test
  void fail_longAgo_isForgotten() {
    for (int i = 0; i < 10; i++) {
      fail(HERE);
    }
    pass(Duration.ofMinutes(9));
    failed.report();
    assertEquals(4000, fail(HERE));
    pass(Duration.ofMinutes(11));
    failed.report();
    assertEquals(0, fail(HERE));
  }

  @Test
  void begin_manyAtOnceOfAnAddressThatFailed_areRefused() {
    for (int i = 0; i < FailedLogins.FREE; i++) {
      fail(HERE);
    }
    for (int i = 0; i < FailedLogins.AT_ONCE; i++) {
      assertTrue(failed.begin(HERE));
    }
    assertFalse(failed.begin(HERE));
    failed.end(HERE);
    assertTrue(failed.begin(HERE));
    for (int i = 0; i < 100; i++) {
      assertTrue(failed.begin(THERE), "a site whose clients reconnect");
    }
  }

  @Test
  void begin_manyAddressesThatFailed_shareALimit() {
    int addresses = FailedLogins.MAX_PENDING / FailedLogins.AT_ONCE;
    for (int i = 0; i <= addresses; i++) {
      for (int k = 0; k < FailedLogins.FREE; k++) {
        fail("10.0." + i / 256 + '.' + i % 256);
      }
    }
    int begun = 0;
    for (int i = 0; i <= addresses; i++) {
      for (int k = 0; k < FailedLogins.AT_ONCE; k++) {
        begun += failed.begin("10.0." + i / 256 + '.' + i % 256) ? 1 : 0;
      }
    }
    assertEquals(FailedLogins.MAX_PENDING, begun);
    assertTrue(failed.begin(HERE));
  }

  @Test
  void fail_endlesslyManyAddresses_isBoundedAndCounted() {
    int many = FailedLogins.MAX_ADDRESSES + 100;
    for (int i = 0; i < many; i++) {
      fail("10." + i / 65536 + '.' + i / 256 % 256 + '.' + i % 256);
    }
    assertEquals(many, failed.count());
    pass(Duration.ofMinutes(1));
    failed.report();
    assertEquals(21, log.lines().size());
    assertEquals("refused logins from 9,980 more addresses", log.lines().get(20));
  }

  @Test
  void report_failuresOfAMinute_areOneLineForAnAddress() {
    for (int i = 0; i < 57; i++) {
      fail(HERE);
      failed.report();
    }
    fail(THERE);
    assertEquals(List.of(), log.lines());
    pass(Duration.ofMinutes(1));
    failed.report();
    failed.report();
    String last =
        " more logins from %s in the last minute (the last: user 'gate': the password is wrong)";
    assertEquals(2, log.lines().size());
    assertEquals(1, log.count("refused 57" + last.formatted(HERE)), log.lines()::toString);
    assertEquals(1, log.count("refused 1" + last.formatted(THERE)), log.lines()::toString);
  }

  @Test
  void source_ofIpVersion6_isItsNetwork() throws Exception {
    assertEquals(
        "2001:db8:1:2:0:0:0:0/64",
        FailedLogins.source(Optional.of(InetAddress.getByName("2001:db8:1:2:3:4:5:6"))));
    assertEquals(HERE, FailedLogins.source(Optional.of(InetAddress.getByName(HERE))));
  }
}
