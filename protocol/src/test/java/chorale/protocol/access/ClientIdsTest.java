package chorale.protocol.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.Role;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ClientIdsTest {
  @ParameterizedTest
  @EnumSource(UserRole.class)
  void mayUse_idsOfServices_areTheirOwnersAndOperators(UserRole role) {
    Identity user = new Identity("own", role, "home");
    boolean operator = role == UserRole.OPERATOR;
    assertEquals(
        operator || role == UserRole.WORKER,
        ClientIds.mayUse(user, ClientIds.of(Role.WORKER, "own")));
    assertEquals(
        operator || role == UserRole.AGGREGATOR,
        ClientIds.mayUse(user, ClientIds.of(Role.AGGREGATOR, "own")));
    assertEquals(operator, ClientIds.mayUse(user, "chorale-worker-other"));
    assertEquals(operator, ClientIds.mayUse(user, "chorale-worker-own-2"));
    assertEquals(operator, ClientIds.mayUse(user, "chorale-aggregator-"));
    assertTrue(ClientIds.mayUse(user, "chorale-watch-17"));
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void isService_workersAndAggregators_areServices(Role role) {
    assertTrue(ClientIds.isService(ClientIds.of(role, "x")));
    assertFalse(ClientIds.isService("chorale-publisher-x"));
  }
}
