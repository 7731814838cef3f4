package chorale.mqtt;

import java.util.Optional;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.internal.ClientComms;
import org.eclipse.paho.mqttv5.client.internal.ClientState;
import org.eclipse.paho.mqttv5.client.internal.MqttConnectionState;

/**
 * Paho's record of what the broker allows, with three defects of version 1.2.5 mended:
 *
 * <ol>
 *   <li>The receive maximum is read as a signed short, so 65535 becomes -1 and every publish fails
 *       with 32202 (paho.mqtt.java #993). Paho also frees a slot only after the token has
 *       completed, and counts at-most-once messages. Here Paho's own limit is lifted, and {@link
 *       #receiveMaximum} gives the true one to the {@link Outbox}, which keeps it.
 *   <li>Topic aliases are used whenever the broker offers them, and break what is sent again
 *       (#1104, #527). Here the broker never offers any.
 *   <li>Those who ask for the outgoing maximum packet size are given the incoming one and the other
 *       way round. Here the two getters are swapped once more.
 * </ol>
 *
 * Written by Paho's threads before the connect completes, read after.
 */
final class PatchedConnectionState extends MqttConnectionState {
  private static final int UNLIMITED = 65_535;

  private volatile int receiveMaximum = UNLIMITED;

  private PatchedConnectionState(String clientId) {
    super(clientId);
  }

  /** Replaces the state of a client that has not connected yet, everywhere Paho holds it. */
  static PatchedConnectionState install(MqttAsyncClient client) {
    PatchedConnectionState mended = new PatchedConnectionState(client.getClientId());
    ClientComms comms = PahoReflection.get(client, "comms", ClientComms.class);
    ClientState state = PahoReflection.get(comms, "clientState", ClientState.class);
    for (Object holder : new Object[] {client, comms, state}) {
      PahoReflection.replace(holder, "mqttConnection", mended);
    }
    return mended;
  }

  /** At-least-once messages that the broker takes before it acknowledges the first. */
  int receiveMaximum() {
    return receiveMaximum;
  }

  /** Bytes of the largest packet that the broker takes. */
  Optional<Long> brokerMaximumPacketSize() {
    return Optional.ofNullable(super.getOutgoingMaximumPacketSize());
  }

  @Override
  public void setReceiveMaximum(Integer value) {
    // A broker that names none means 65535; 0 is not allowed.
    receiveMaximum = value == null || (value & 0xFFFF) == 0 ? UNLIMITED : value & 0xFFFF;
  }

  @Override
  public Integer getReceiveMaximum() {
    return UNLIMITED;
  }

  @Override
  public Integer getOutgoingTopicAliasMaximum() {
    return 0;
  }

  @Override
  public Long getOutgoingMaximumPacketSize() {
    return super.getIncomingMaximumPacketSize();
  }

  @Override
  public Long getIncomingMaximumPacketSize() {
    return super.getOutgoingMaximumPacketSize();
  }
}
