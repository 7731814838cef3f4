package chorale.protocol;

import java.util.Objects;

/**
 * A message on a topic, to be published or as delivered. Immutable.
 *
 * @param retain to be kept by the broker; on delivery: sent because it was kept
 */
public record Message(
    String topic, Bytes payload, Qos qos, boolean retain, MessageProperties properties) {

  public Message {
    Objects.requireNonNull(topic, "topic");
    Objects.requireNonNull(payload, "payload");
    Objects.requireNonNull(qos, "qos");
    Objects.requireNonNull(properties, "properties");
  }

  /** At least once, not retained, without properties. */
  public static Message of(String topic, Bytes payload) {
    return new Message(topic, payload, Qos.AT_LEAST_ONCE, false, MessageProperties.NONE);
  }

  /** At least once and retained, without properties: how services announce themselves. */
  public static Message retained(String topic, Bytes payload) {
    return new Message(topic, payload, Qos.AT_LEAST_ONCE, true, MessageProperties.NONE);
  }

  /**
   * Bytes that the message occupies: payload, topic and properties. A sender can put as much into
   * properties as into the payload, so every bound in bytes counts both.
   */
  public long bytes() {
    return (long) payload.size() + topic.length() + properties.bytes();
  }

  public Message with(MessageProperties other) {
    return new Message(topic, payload, qos, retain, other);
  }
}
