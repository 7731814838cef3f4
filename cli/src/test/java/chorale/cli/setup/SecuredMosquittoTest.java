package chorale.cli.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.broker.Mosquitto;
import chorale.cli.setup.Deliveries.Client;
import chorale.protocol.Bytes;
import chorale.protocol.access.Identity;
import chorale.protocol.access.RightsTable.Right;
import chorale.protocol.bus.BusEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Mosquitto with the files of {@code chorale setup}. */
class SecuredMosquittoTest extends SecuredSiteContract {
  @TempDir private static Path scratch;

  private static SetUpSite site;
  private static Mosquitto mosquitto;

  @BeforeAll
  static void start() throws Exception {
    int port = Mosquitto.freePort();
    site = SetUpSite.in(scratch.resolve("site"), port, true);
    mosquitto = Mosquitto.start(port, site.mosquitto());
  }

  @AfterAll
  static void stop() {
    if (mosquitto != null) {
      mosquitto.close();
    }
  }

  @Override
  SetUpSite site() {
    return site;
  }

  @Override
  void reload() throws IOException {
    mosquitto.reload();
  }

  /** On Mosquitto an operator has one connection, which these tests use to watch. */
  static List<Identity> members() {
    return SetUpSite.MEMBERS.stream().filter(each -> !each.equals(SetUpSite.OPERATOR)).toList();
  }

  @ParameterizedTest
  @MethodSource("members")
  void wildcardSubscription_ofAMember_deliversWhatTheTableAllows(Identity member) throws Exception {
    Set<String> expected = Deliveries.allowed(member, Right.SUBSCRIBE_OWN, Right.SUBSCRIBE);
    try (Deliveries deliveries = new Deliveries(site.connection(SetUpSite.OPERATOR))) {
      assertEquals(expected, deliveries.heardByWildcard(member, site.connection(member), expected));
    }
  }

  @Test
  void clientId_ofAnotherMember_doesNotDisconnectIt() throws Exception {
    try (Client aggregator =
            Client.open(site.connection(SetUpSite.AGGREGATOR), "chorale-aggregator-hub");
        Client camera = Client.open(site.connection(SetUpSite.CAMERA), "chorale-aggregator-hub")) {
      camera.publish("chorale/home/camera/gate/image", Bytes.utf8("x"));
      aggregator.publish("chorale/home/camera/gate/result", Bytes.utf8("{}"));
      assertTrue(aggregator.bus().isConnected());
      for (Optional<BusEvent> next = aggregator.inbox().poll();
          next.isPresent();
          next = aggregator.inbox().poll()) {
        assertFalse(next.get() instanceof BusEvent.Disconnected, "disconnected");
      }
    }
  }
}
