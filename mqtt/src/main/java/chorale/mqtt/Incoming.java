package chorale.mqtt;

import java.util.concurrent.CompletableFuture;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/**
 * The incoming events of one connection: CONNACK, messages and the loss, from the broker ({@link
 * PacketStream.Listener}) or from Paho ({@link MqttCallback}). Thread-safe.
 */
final class Incoming implements PacketStream.Listener, MqttCallback {
  private final Client about;
  private final Arrivals arrivals;
  private final CompletableFuture<ConnectionException> loss = new CompletableFuture<>();

  // Set before the connection attempt.
  private PahoClient client;
  private BrokerSocket socket;

  /** Set before Paho receives CONNACK. */
  private volatile Acks.Connack connack;

  // Guarded by this.
  private boolean stopped;

  Incoming(Client about, Arrivals arrivals) {
    this.about = about;
    this.arrivals = arrivals;
  }

  void attach(PahoClient newClient, BrokerSocket newSocket) {
    client = newClient;
    socket = newSocket;
    client.setCallback(this);
  }

  /** Returns the future that completes once, when the connection is lost. */
  CompletableFuture<ConnectionException> loss() {
    return loss;
  }

  /** Returns the broker's CONNACK; set once connected. */
  Acks.Connack connack() {
    return connack;
  }

  /** Stops the delivery: no message is passed on after this returns. */
  void stop() {
    synchronized (this) {
      stopped = true;
    }
    loss.complete(ConnectionException.passing("closed"));
  }

  @Override
  public void connack(Acks.Connack answer) throws ConnectionException {
    if (answer.code() != 0) {
      throw ConnectionException.refused(answer.code(), answer.reason(), about.settings());
    }
    connack = answer;
  }

  @Override
  public void message(PublishPacket packet) throws ConnectionException {
    synchronized (this) {
      if (stopped) {
        return;
      }
      arrivals.accept(packet);
    }
    if (packet.id() > 0) {
      try {
        client.acknowledge(packet.id());
      } catch (MqttException e) {
        throw ConnectionException.of(e);
      }
    }
  }

  @Override
  public void alive() {
    client.alive();
  }

  @Override
  public void lost(ConnectionException why) {
    loss.complete(why);
    // Paho's receiving thread ends next, but not before the other threads have seen it start.
    socket.awaitStarted();
  }

  @Override
  public ConnectionException ended(int code, String reason) {
    return ConnectionException.ended(code, reason, about.session().clientId());
  }

  @Override
  public void disconnected(MqttDisconnectResponse response) {
    loss.complete(ConnectionException.of(response.getException()));
  }

  @Override
  public void mqttErrorOccurred(MqttException exception) {
    loss.complete(ConnectionException.of(exception));
  }

  @Override
  public void messageArrived(String topic, MqttMessage message) {
    throw new IllegalStateException("messages do not reach Paho");
  }

  @Override
  public void deliveryComplete(IMqttToken token) {}

  @Override
  public void connectComplete(boolean reconnect, String serverUri) {}

  @Override
  public void authPacketArrived(int reasonCode, MqttProperties properties) {}
}
