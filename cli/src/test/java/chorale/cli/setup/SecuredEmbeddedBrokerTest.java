package chorale.cli.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chorale.broker.BrokerUsers;
import chorale.broker.EmbeddedBroker;
import chorale.protocol.access.Identity;
import chorale.protocol.access.RightsTable.Right;
import chorale.protocol.access.UserEntry;
import chorale.protocol.bus.ConnectionSettings;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The embedded broker with a user of each role. */
class SecuredEmbeddedBrokerTest {
  @TempDir private static Path scratch;

  private static EmbeddedBroker broker;

  @BeforeAll
  static void start() throws Exception {
    UserEntry[] users =
        SetUpSite.MEMBERS.stream()
            .map(each -> BrokerUsers.user(each, "password-of-" + each.name()))
            .toArray(UserEntry[]::new);
    broker =
        EmbeddedBroker.start(
            BrokerUsers.settings(BrokerUsers.write(scratch.resolve("users"), users)),
            Files.createDirectory(scratch.resolve("broker")),
            System::nanoTime,
            Clock.systemUTC());
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  static List<Identity> members() {
    return SetUpSite.MEMBERS;
  }

  private static ConnectionSettings connection(Identity member) {
    ConnectionSettings base =
        ConnectionSettings.of(URI.create("mqtt://127.0.0.1:" + broker.port()));
    return SetUpSite.with(base, member.name(), "password-of-" + member.name());
  }

  @ParameterizedTest
  @MethodSource("members")
  void everyTopic_publishedByAMember_arrivesAsTheTableSays(Identity member) {
    Set<String> expected = Deliveries.allowed(member, Right.PUBLISH_OWN, Right.PUBLISH);
    try (Deliveries deliveries = new Deliveries(connection(SetUpSite.OPERATOR))) {
      assertEquals(expected, deliveries.published(member, connection(member), expected));
    }
  }

  @ParameterizedTest
  @MethodSource("members")
  void everyTopic_heardByAMember_arrivesAsTheTableSays(Identity member) {
    Set<String> expected = Deliveries.allowed(member, Right.HEAR_OWN, Right.HEAR);
    try (Deliveries deliveries = new Deliveries(connection(SetUpSite.OPERATOR))) {
      assertEquals(expected, deliveries.heard(member, connection(member), expected));
    }
  }
}
