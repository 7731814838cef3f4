package chorale.mqtt;

import chorale.protocol.Message;
import chorale.protocol.Ticker;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.ConnectionSettings;
import chorale.protocol.bus.Inbox;
import java.util.concurrent.CompletableFuture;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/**
 * What Paho's threads call for one connection; messages come from the one that reads. It only
 * stamps, copies and offers to the inbox: a callback that waits blocks the reader and with it
 * keep-alive (paho.mqtt.java #985, #999).
 */
final class Arrivals implements MqttCallback {
  private final ConnectionSettings settings;
  private final String clientId;
  private final Inbox inbox;
  private final Ticker ticker;
  private final CompletableFuture<ConnectionException> loss = new CompletableFuture<>();

  private volatile boolean granted;
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

  /** The broker has said yes: from here on a refusal is about something else. */
  void granted() {
    granted = true;
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
    int code = response.getReturnCode();
    if (granted && ReasonCodes.isRefusal(code)) {
      loss.complete(ConnectionException.ended(code, response.getReasonString(), clientId));
    } else if (ReasonCodes.isRefusal(code)) {
      loss.complete(ConnectionException.refused(code, settings));
    } else {
      loss.complete(ConnectionException.of(response.getException(), clientId));
    }
  }

  @Override
  public void mqttErrorOccurred(MqttException exception) {
    loss.complete(ConnectionException.of(exception, clientId));
  }

  @Override
  public void deliveryComplete(IMqttToken token) {}

  @Override
  public void connectComplete(boolean reconnect, String serverUri) {}

  @Override
  public void authPacketArrived(int reasonCode, MqttProperties properties) {}
}
