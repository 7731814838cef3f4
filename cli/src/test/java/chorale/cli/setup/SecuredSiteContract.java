package chorale.cli.setup;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.cli.setup.Deliveries.Client;
import chorale.mqtt.PahoBus;
import chorale.mqtt.WhenRefused;
import chorale.protocol.Bytes;
import chorale.protocol.Message;
import chorale.protocol.access.Identity;
import chorale.protocol.access.RightsTable.Right;
import chorale.protocol.bus.Bus;
import chorale.protocol.bus.ConnectionSettings;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.Session;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The rights of members and strangers on a site of {@code chorale setup}, on a real broker, over
 * TLS with client certificates.
 */
abstract class SecuredSiteContract {
  abstract SetUpSite site();

  /** Makes the broker read the changed files of the site. */
  abstract void reload() throws IOException;

  @ParameterizedTest
  @MethodSource("members")
  void everyTopic_publishedByAMember_arrivesIfTheTableAllowsIt(Identity member) throws Exception {
    Set<String> expected = Deliveries.allowed(member, Right.PUBLISH_OWN, Right.PUBLISH);
    try (Deliveries deliveries = new Deliveries(site().connection(SetUpSite.OPERATOR))) {
      assertEquals(expected, deliveries.published(member, site().connection(member), expected));
    }
  }

  @ParameterizedTest
  @MethodSource("members")
  void everyTopic_subscribedByAMember_arrivesIfTheTableAllowsIt(Identity member) throws Exception {
    Set<String> expected = Deliveries.allowed(member, Right.SUBSCRIBE_OWN, Right.SUBSCRIBE);
    try (Deliveries deliveries = new Deliveries(site().connection(SetUpSite.OPERATOR))) {
      assertEquals(expected, deliveries.heard(member, site().connection(member), expected));
    }
  }

  @Test
  void will_onATopicWithoutTheRightToPublish_isNotDelivered() throws Exception {
    try (Client operator =
        Client.open(site().connection(SetUpSite.OPERATOR), "watching", "chorale/home/#")) {
      for (String topic :
          List.of(
              "chorale/home/worker/pi1/availability", "chorale/home/camera/gate/availability")) {
        Session session =
            new Session(
                "dying",
                List.of(),
                Optional.of(Message.retained(topic, Bytes.utf8("offline"))),
                List.of());
        Client.open(site().connection(SetUpSite.CAMERA), session).close();
      }
      await()
          .atMost(Deliveries.SOON)
          .until(() -> operator.topics().contains("chorale/home/camera/gate/availability"));
      assertEquals(Set.of("chorale/home/camera/gate/availability"), operator.topics());
    }
  }

  private static String refusal(ConnectionSettings settings) {
    Inbox inbox = new Inbox(16, 1 << 20);
    try (Bus bus =
        PahoBus.factory(settings, WhenRefused.END).open(Session.of("stranger", List.of()), inbox)) {
      await().atMost(Deliveries.SOON).until(() -> inbox.size() > 0);
      assertFalse(bus.isConnected());
      return inbox.poll().orElseThrow().toString();
    }
  }

  @Test
  void stranger_withoutPasswordOrCertificate_isRefused() throws Exception {
    ConnectionSettings camera = site().connection(SetUpSite.CAMERA);
    String wrong = refusal(SetUpSite.with(camera, "gate", "guess"));
    assertTrue(wrong.contains("user gate: 0x8"), wrong);
    ConnectionSettings bare =
        new ConnectionSettings(
            camera.broker(),
            camera.credentials(),
            camera
                .tls()
                .map(
                    tls ->
                        new ConnectionSettings.Tls(
                            tls.certificateAuthority(), Optional.empty(), Optional.empty())),
            camera.timing(),
            camera.inFlight(),
            camera.outbox());
    String uncertified = refusal(bare);
    assertTrue(uncertified.contains("the broker requires a client certificate"), uncertified);
  }

  @Test
  void removedMember_afterAReload_isDisconnected() throws Exception {
    Identity second = new Identity("pi2", SetUpSite.WORKER.role(), "home");
    try (Client board = Client.open(site().connection(second), "chorale-worker-pi2")) {
      site().remove("pi2");
      reload();
      await().atMost(Deliveries.SOON).until(() -> !board.bus().isConnected());
    }
  }
}
