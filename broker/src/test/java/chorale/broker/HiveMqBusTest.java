package chorale.broker;

import chorale.config.BrokerSettings;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The Paho bus keeps the contract on the embedded broker. */
class HiveMqBusTest extends RealBrokerContract {
  private static EmbeddedBroker broker;

  @BeforeAll
  static void start() {
    broker =
        EmbeddedBroker.start(
            new BrokerSettings(0, Optional.empty(), "127.0.0.1", Optional.empty(), List.of()),
            System::nanoTime);
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Override
  int brokerPort() {
    return broker.port();
  }
}
