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
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.UserProperty;

/** The conversion of bus messages to Paho's. Payloads are shared, not copied. Stateless. */
final class PahoMessages {
  private static final int MAX_LENGTH = 65_535;

  private PahoMessages() {}

  /** Returns the QoS number in MQTT. */
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

  /** Returns the broker's reason text of an acknowledgment, possibly empty. */
  static String reason(IMqttToken token) {
    MqttProperties properties = token.getResponseProperties();
    String reason = properties == null ? null : properties.getReasonString();
    return reason == null ? "" : reason;
  }

  /** Returns why Paho cannot encode the message; on Paho's sending thread this would be fatal. */
  static Optional<String> unfit(Message message) {
    MessageProperties properties = message.properties();
    List<String> texts = new ArrayList<>(List.of(message.topic()));
    properties.responseTopic().ifPresent(texts::add);
    properties.contentType().ifPresent(texts::add);
    for (Map.Entry<String, String> property : properties.user()) {
      texts.add(property.getKey());
      texts.add(property.getValue());
    }
    for (String text : texts) {
      if (!isEncodable(text)) {
        return Optional.of(
            "a text of the message on "
                + message.topic().replaceAll("\\p{Cc}", "?")
                + " holds a control character or has more than 65535 bytes");
      }
    }
    if (properties.correlation().map(Bytes::size).orElse(0) > MAX_LENGTH) {
      return Optional.of(
          "correlation data of the message on " + message.topic() + " has more than 65535 bytes");
    }
    return Optional.empty();
  }

  /**
   * Returns whether Paho accepts the text: no control characters, lone surrogates or
   * non-characters.
   */
  private static boolean isEncodable(String text) {
    return utf8Bytes(text) <= MAX_LENGTH
        && text.codePoints()
            .noneMatch(
                each ->
                    Character.isISOControl(each)
                        || Character.getType(each) == Character.SURROGATE
                        || (each >= 0xFDD0 && each <= 0xFDDF)
                        || (each & 0xFFFE) == 0xFFFE);
  }

  /** Returns the largest possible size in bytes of the packet that publishes the message. */
  static long packetBytes(Message message) {
    MessageProperties properties = message.properties();
    // Fixed header 5, message id 2, length of properties 4, expiry 5; plus 2 or 3 for each text.
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
