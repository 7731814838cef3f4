package chorale.mqtt;

import java.util.concurrent.ScheduledExecutorService;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.internal.NetworkModule;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;

/** A Paho client with a custom socket. Thread-safe. */
final class PahoClient extends MqttAsyncClient {
  /** Paho requires an address, which is not used. */
  private static final String UNUSED = "tcp://127.0.0.1:1883";

  /**
   * Paho logs stack traces of lost connections; the bus logs them itself. The logger is kept in a
   * field, because a logger without a reference loses its level.
   */
  private static final Logger PAHO = Logger.getLogger("org.eclipse.paho");

  static {
    PAHO.setLevel(Level.OFF);
  }

  private final BrokerSocket socket;

  /**
   * @throws MqttException if the client id is not valid
   */
  PahoClient(String clientId, BrokerSocket socket, ScheduledExecutorService threads)
      throws MqttException {
    // The default persistence writes files into the working directory.
    super(UNUSED, clientId, new MemoryPersistence(), null, threads);
    this.socket = socket;
  }

  @Override
  protected NetworkModule[] createNetworkModules(String address, MqttConnectionOptions options) {
    return new NetworkModule[] {socket};
  }

  /** Reports activity, because Paho does not see the incoming bytes and would time out. */
  void alive() {
    comms.getClientState().notifyReceivedBytes(1);
  }

  /** Acknowledges an at-least-once message. */
  void acknowledge(int id) throws MqttException {
    messageArrivedComplete(id, 1);
  }
}
