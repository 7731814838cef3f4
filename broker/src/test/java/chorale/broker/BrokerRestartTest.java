package chorale.broker;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import chorale.mqtt.PahoBus;
import chorale.protocol.Bytes;
import chorale.protocol.Message;
import chorale.protocol.bus.Bus;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.Session;
import chorale.protocol.bus.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A broker that ends and restarts with an empty memory. */
class BrokerRestartTest {
  @Test
  void restart_inMemoryBroker_getsAnnouncementsAndWaitingMessagesAgain() {
    Message birth = Message.retained("restart/birth", Bytes.utf8("online"));
    Session session =
        new Session(
            "chorale-worker-restart",
            List.of(Subscription.withRetained("restart/+")),
            Optional.empty(),
            List.of(birth));
    Inbox inbox = new Inbox(100, 1_000_000);
    List<String> seen = new ArrayList<>();
    int port = Mosquitto.freePort();
    Mosquitto first = Mosquitto.start(port);
    try (Bus bus = PahoBus.factory(RealBrokerContract.settings(port)).open(session, inbox)) {
      await().atMost(Duration.ofSeconds(10)).until(bus::isConnected);
      first.close();
      await().atMost(Duration.ofSeconds(10)).until(() -> !bus.isConnected());
      var unused = bus.publish(Message.of("restart/waited", Bytes.utf8("waited")));
      try (Mosquitto second = Mosquitto.start(port)) {
        assertEquals(port, second.port());
        await()
            .atMost(Duration.ofSeconds(10))
            .until(
                () -> {
                  inbox.poll().ifPresent(event -> seen.add(describe(event)));
                  return seen.contains("waited");
                });
      }
    }
    assertEquals(2, seen.stream().filter("online"::equals).count(), seen::toString);
    assertEquals(2, seen.stream().filter("Connected"::equals).count(), seen::toString);
  }

  private static String describe(BusEvent event) {
    return event instanceof BusEvent.Delivered delivered
        ? delivered.message().payload().utf8()
        : event.getClass().getSimpleName();
  }
}
