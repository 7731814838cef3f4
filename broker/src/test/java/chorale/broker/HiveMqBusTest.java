package chorale.broker;

import chorale.config.BrokerSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract of the Paho bus on the embedded broker. */
class HiveMqBusTest extends RealBrokerContract {
  @TempDir static Path folder;

  private static EmbeddedBroker broker;

  @BeforeAll
  static void start() {
    broker =
        EmbeddedBroker.start(
            new BrokerSettings(0, Optional.empty(), "127.0.0.1"),
            folder,
            System::nanoTime,
            Clock.systemUTC());
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
