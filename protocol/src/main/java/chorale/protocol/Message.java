package chorale.protocol;

import java.util.Objects;

/**
 * An MQTT message, to be published or as delivered. Immutable.
 *
 * @param retain to publish: the broker keeps the message; on delivery: it was sent because it was
 *     retained
 */
public record Message(
    String topic, Bytes payload, Qos qos, boolean retain, MessageProperties properties) {

  public Message {
    Objects.requireNonNull(topic, "topic");
    Objects.requireNonNull(payload, "payload");
    Objects.requireNonNull(qos, "qos");
    Objects.requireNonNull(properties, "properties");
  }

  /** Creates a message with QoS 1, not retained, without properties. */
  public static Message of(String topic, Bytes payload) {
    return new Message(topic, payload, Qos.AT_LEAST_ONCE, false, MessageProperties.NONE);
  }

  /** Creates a message with QoS 1, retained, without properties: for status topics. */
  public static Message retained(String topic, Bytes payload) {
    return new Message(topic, payload, Qos.AT_LEAST_ONCE, true, MessageProperties.NONE);
  }

  /**
   * Returns the size in bytes: payload, topic and properties. Limits must count all three, because
   * properties can be as large as a payload.
   */
  public long bytes() {
    return (long) payload.size() + topic.length() + properties.bytes();
  }

  public Message with(MessageProperties other) {
    return new Message(topic, payload, qos, retain, other);
  }
}
