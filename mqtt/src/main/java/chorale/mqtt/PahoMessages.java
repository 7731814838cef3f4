package chorale.mqtt;

import chorale.protocol.Bytes;
import chorale.protocol.Message;
import chorale.protocol.MessageProperties;
import chorale.protocol.Qos;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.UserProperty;

/** Messages of the bus as Paho's, and back. Payloads are shared, not copied, in both directions. */
final class PahoMessages {
  private PahoMessages() {}

  /** The number that MQTT has for it. */
  static int level(Qos qos) {
    return qos == Qos.AT_LEAST_ONCE ? 1 : 0;
  }

  static MqttMessage toPaho(Message message) {
    return new MqttMessage(
        message.payload().sharedArray(),
        level(message.qos()),
        message.retain(),
        toPaho(message.properties()));
  }

  static MqttProperties toPaho(MessageProperties properties) {
    MqttProperties paho = new MqttProperties();
    properties.correlation().ifPresent(bytes -> paho.setCorrelationData(bytes.toArray()));
    properties.responseTopic().ifPresent(paho::setResponseTopic);
    properties.contentType().ifPresent(paho::setContentType);
    properties
        .expirySeconds()
        .ifPresent(seconds -> paho.setMessageExpiryInterval(Long.valueOf(seconds)));
    List<UserProperty> user = new ArrayList<>();
    for (Map.Entry<String, String> property : properties.user()) {
      user.add(new UserProperty(property.getKey(), property.getValue()));
    }
    paho.setUserProperties(user);
    return paho;
  }

  static Message fromPaho(String topic, MqttMessage message) {
    return new Message(
        topic,
        Bytes.wrap(message.getPayload()),
        message.getQos() == 0 ? Qos.AT_MOST_ONCE : Qos.AT_LEAST_ONCE,
        message.isRetained(),
        fromPaho(message.getProperties()));
  }

  private static MessageProperties fromPaho(MqttProperties paho) {
    if (paho == null) {
      return MessageProperties.NONE;
    }
    Long expiry = paho.getMessageExpiryInterval();
    List<Map.Entry<String, String>> user = new ArrayList<>();
    for (UserProperty property : paho.getUserProperties()) {
      user.add(Map.entry(property.getKey(), property.getValue()));
    }
    return new MessageProperties(
        Optional.ofNullable(paho.getCorrelationData()).map(Bytes::wrap),
        Optional.ofNullable(paho.getResponseTopic()),
        Optional.ofNullable(paho.getContentType()),
        expiry == null
            ? OptionalInt.empty()
            : OptionalInt.of((int) Math.min(Integer.MAX_VALUE, expiry)),
        user);
  }

  /** Bytes of the packet that publishes the message, at most. */
  static long packetBytes(Message message) {
    MessageProperties properties = message.properties();
    // Fixed header 5, message id 2, length of properties 4, expiry 5; 2 or 3 more for each text.
    long bytes = 24L + utf8Bytes(message.topic()) + message.payload().size();
    bytes += properties.correlation().map(Bytes::size).orElse(0) + 3;
    bytes += properties.responseTopic().map(PahoMessages::utf8Bytes).orElse(0) + 3;
    bytes += properties.contentType().map(PahoMessages::utf8Bytes).orElse(0) + 3;
    for (Map.Entry<String, String> property : properties.user()) {
      bytes += 5 + utf8Bytes(property.getKey()) + utf8Bytes(property.getValue());
    }
    return bytes;
  }

  private static int utf8Bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
