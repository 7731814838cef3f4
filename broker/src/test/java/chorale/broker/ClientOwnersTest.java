package chorale.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.access.UserEntry;
import chorale.protocol.access.UserRole;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientOwnersTest {
  private final UserEntry gate = BrokerUsers.user("gate", UserRole.CAMERA, "g");
  private final UserEntry pi1 = BrokerUsers.user("pi1", UserRole.WORKER, "p");
  private final UserEntry me = BrokerUsers.user("me", UserRole.OPERATOR, "m");

  private final Set<String> sessions = new HashSet<>();
  private ClientOwners owners;
  private long nowNanos;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    UserBook users = new UserBook(BrokerUsers.write(folder.resolve("users"), gate, pi1, me));
    owners = new ClientOwners(users, sessions::contains, () -> nowNanos);
  }

  private boolean isGranted(String clientId, UserEntry user) {
    return owners.claim(clientId, user).refusal().isEmpty();
  }

  @Test
  void claim_freeId_belongsToTheUserAfterwards() {
    assertTrue(isGranted("lobby", gate));
    assertTrue(isGranted("lobby", gate));
    assertFalse(isGranted("lobby", pi1));
    assertEquals(Optional.of("gate"), owners.userOf("lobby"));
    assertEquals(Optional.empty(), owners.userOf("other"));
  }

  @Test
  void claim_idWhoseSessionHasEnded_isFree() {
    assertTrue(isGranted("lobby", gate));
    assertFalse(isGranted("lobby", pi1), "the owner may be about to connect");
    sessions.add("lobby");
    owners.connected("lobby");
    assertFalse(isGranted("lobby", pi1));
    sessions.clear();
    assertTrue(isGranted("lobby", pi1));
    assertFalse(isGranted("lobby", gate));
    nowNanos = Duration.ofSeconds(11).toNanos();
    assertTrue(isGranted("lobby", gate), "the previous owner never connected");
  }

  @Test
  void refresh_idsWithoutASession_areForgotten() {
    assertTrue(isGranted("gone", gate));
    assertTrue(isGranted("held", gate));
    sessions.add("held");
    nowNanos = Duration.ofSeconds(11).toNanos();
    owners.refresh();
    assertEquals(Optional.empty(), owners.userOf("gone"));
    assertEquals(Optional.of("gate"), owners.userOf("held"));
  }

  @Test
  void claim_idThatNamesAnotherUser_isReservedForIt() {
    assertFalse(isGranted("gate", pi1));
    assertFalse(isGranted("chorale-publisher-gate", pi1));
    assertFalse(isGranted("chorale-worker-gate", gate), "a camera is not a worker");
    assertTrue(isGranted("gate", me), "an operator may use it while it is free");
    assertTrue(owners.claim("gate", gate).inherited(), "and gives it up");
    assertFalse(isGranted("gate", me));
  }

  @Test
  void claim_idWhoseUserHasChanged_inheritsTheOldSession() {
    assertFalse(owners.claim("pi1", pi1).inherited());
    assertFalse(owners.claim("pi1", pi1).inherited());
    UserEntry again = BrokerUsers.user("pi1", UserRole.WORKER, "new");
    assertTrue(owners.claim("pi1", again).inherited());
  }

  @Test
  void claim_aboveTheLimitOfIds_isRefused() {
    for (int i = 0; i < ClientOwners.MAX_IDS; i++) {
      assertTrue(isGranted("many-" + i, gate));
    }
    assertEquals(
        Optional.of(
            "already has 50 client ids (allowed: 50); end unused clients, or reuse their ids"),
        owners.claim("one-more", gate).refusal());
    assertTrue(isGranted("many-7", gate), "an id that it already has");
    for (int i = 0; i <= ClientOwners.MAX_IDS; i++) {
      assertTrue(isGranted("operator-" + i, me));
    }
    nowNanos = Duration.ofSeconds(11).toNanos();
    assertTrue(isGranted("one-more", gate), "ids without a session do not count");
  }

  @Test
  void subscribe_aboveTheLimit_isRefused() {
    assertTrue(isGranted("a", gate));
    assertTrue(isGranted("b", gate));
    assertTrue(isGranted("c", me));
    String filter = "x".repeat(ClientOwners.MAX_FILTERS / 3);
    assertTrue(owners.subscribe("a", filter));
    assertTrue(owners.subscribe("a", filter), "the same filter again");
    assertTrue(owners.subscribe("b", filter + 1));
    assertFalse(owners.subscribe("b", filter + 2));
    assertTrue(owners.subscribe("c", filter), "another user");
  }
}
