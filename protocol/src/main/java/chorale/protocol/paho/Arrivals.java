package chorale.protocol.paho;

import chorale.protocol.Ticker;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.ConnectionSettings;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.Message;
import java.util.concurrent.CompletableFuture;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/**
 * What Paho's callback thread calls for one connection. It only stamps, copies and offers to the
 * inbox: a callback that waits blocks the reader and with it keep-alive, and one that throws loses
 * the message, acknowledged (paho.mqtt.java #985, #999).
 */
final class Arrivals implements MqttCallback {
  private final ConnectionSettings settings;
  private final String clientId;
  private final Inbox inbox;
  private final Ticker ticker;
  private final CompletableFuture<ConnectionException> loss = new CompletableFuture<>();

  private boolean stopped;

  Arrivals(ConnectionSettings settings, String clientId, Inbox inbox, Ticker ticker) {
    this.settings = settings;
    this.clientId = clientId;
    this.inbox = inbox;
    this.ticker = ticker;
  }

  /** Completed once, when the connection is lost. */
  CompletableFuture<ConnectionException> loss() {
    return loss;
  }

  /** Nothing is offered any more once this returns. */
  synchronized void stop() {
    stopped = true;
  }

  @Override
  public void messageArrived(String topic, MqttMessage message) {
    long arrivedNanos = ticker.nanos();
    Message copy = PahoMessages.fromPaho(topic, message);
    synchronized (this) {
      if (!stopped) {
        inbox.offer(new BusEvent.Delivered(copy, arrivedNanos));
      }
    }
  }

  @Override
  public void disconnected(MqttDisconnectResponse response) {
    if (response.getReturnCode() == ReasonCodes.TAKEN_OVER) {
      loss.complete(ConnectionException.takenOver(clientId));
    } else if (ReasonCodes.isRefusal(response.getReturnCode())) {
      loss.complete(ConnectionException.refused(response.getReturnCode(), settings));
    } else {
      loss.complete(ConnectionException.of(response.getException(), settings));
    }
  }

  @Override
  public void mqttErrorOccurred(MqttException exception) {
    loss.complete(ConnectionException.of(exception, settings));
  }

  @Override
  public void deliveryComplete(IMqttToken token) {}

  @Override
  public void connectComplete(boolean reconnect, String serverUri) {}

  @Override
  public void authPacketArrived(int reasonCode, MqttProperties properties) {}
}
