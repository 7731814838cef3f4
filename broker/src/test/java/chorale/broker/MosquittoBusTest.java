package chorale.broker;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract of the Paho bus on Mosquitto. */
class MosquittoBusTest extends RealBrokerContract {
  private static Mosquitto broker;

  @BeforeAll
  static void start() {
    broker = Mosquitto.start();
  }

  @AfterAll
  static void stop() {
    if (broker != null) {
      broker.close();
    }
  }

  @Override
  int brokerPort() {
    return broker.port();
  }
}
