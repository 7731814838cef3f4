package org.eclipse.paho.mqttv5.client.internal;

import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttToken;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.MqttPubAck;
import org.eclipse.paho.mqttv5.common.packet.MqttPublish;
import org.eclipse.paho.mqttv5.common.packet.MqttReturnCode;

/**
 * Paho's dispatcher with one change: a message goes to the callback on the thread that has read it,
 * and is acknowledged when the callback returns. Paho's own hands it to another thread over a queue
 * of 10, which costs a wake-up for every message and blocks the reader, and with it the keep-alive,
 * while that thread is busy. It lies in Paho's package because the constructor is visible there
 * alone; {@code chorale.mqtt.ReceivePath} puts it in place.
 */
public final class DirectCallback extends CommsCallback {
  private final ClientComms comms;
  private final MqttCallback arrivals;

  /**
   * @param arrivals must not wait
   */
  public DirectCallback(ClientComms comms, ClientState state, MqttCallback arrivals) {
    super(comms);
    this.comms = comms;
    this.arrivals = arrivals;
    setClientState(state);
    setCallback(arrivals);
  }

  @Override
  public void messageArrived(MqttPublish publish) {
    try {
      arrivals.messageArrived(publish.getTopicName(), publish.getMessage());
    } catch (Exception e) {
      // Not acknowledged: it comes again over the next connection.
      arrivals.mqttErrorOccurred(new MqttException(e));
      return;
    }
    if (publish.getMessage().getQos() > 0) {
      acknowledge(publish);
    }
  }

  /** At least once: the bus subscribes to no more, so the broker sends no more. */
  private void acknowledge(MqttPublish publish) {
    try {
      comms.internalSend(
          new MqttPubAck(
              MqttReturnCode.RETURN_CODE_SUCCESS, publish.getMessageId(), new MqttProperties()),
          new MqttToken(comms.getClient().getClientId()));
    } catch (MqttException e) {
      // The connection is lost, and the broker will send it again.
    }
  }
}
