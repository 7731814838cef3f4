package chorale.mqtt;

import java.util.concurrent.ScheduledExecutorService;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.internal.NetworkModule;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;

/** A Paho client over a socket of ours. Safe for several threads. */
final class PahoClient extends MqttAsyncClient {
  /** Paho insists on an address that it could connect to. */
  private static final String UNUSED = "tcp://127.0.0.1:1883";

  /**
   * Paho prints the stack traces of lost connections by itself; the bus reports them in its own
   * words. Held here, because settings of a logger that nobody holds are lost.
   */
  private static final Logger PAHO = Logger.getLogger("org.eclipse.paho");

  static {
    PAHO.setLevel(Level.OFF);
  }

  private final BrokerSocket socket;

  /**
   * @throws MqttException the client id is not valid
   */
  PahoClient(String clientId, BrokerSocket socket, ScheduledExecutorService threads)
      throws MqttException {
    // The default persistence would write files into the working directory.
    super(UNUSED, clientId, new MemoryPersistence(), null, threads);
    this.socket = socket;
  }

  @Override
  protected NetworkModule[] createNetworkModules(String address, MqttConnectionOptions options) {
    return new NetworkModule[] {socket};
  }

  /** Keeps Paho from taking the connection for dead while it sees nothing of what arrives. */
  void alive() {
    comms.getClientState().notifyReceivedBytes(1);
  }

  /** Acknowledges a message at least once. */
  void acknowledge(int id) throws MqttException {
    messageArrivedComplete(id, 1);
  }
}
