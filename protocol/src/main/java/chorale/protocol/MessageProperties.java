package chorale.protocol;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The MQTT 5 properties that Chorale reads or writes (MQTT 5.0, section 3.3.2.3). A message from an
 * MQTT 3.1.1 client has {@link #NONE}. Immutable.
 *
 * @param expirySeconds how long the broker may hold the message
 * @param user user properties in order; a name may occur more than once
 */
public record MessageProperties(
    Optional<Bytes> correlation,
    Optional<String> responseTopic,
    Optional<String> contentType,
    OptionalInt expirySeconds,
    List<Map.Entry<String, String>> user) {

  /** Memory overhead of one entry. */
  private static final int USER_PROPERTY_BYTES = 64;

  public static final MessageProperties NONE =
      new MessageProperties(
          Optional.empty(), Optional.empty(), Optional.empty(), OptionalInt.empty(), List.of());

  public MessageProperties {
    user = List.copyOf(user);
  }

  /** Returns the value of the first user property with this name. */
  public Optional<String> user(String name) {
    for (Map.Entry<String, String> property : user) {
      if (property.getKey().equals(name)) {
        return Optional.of(property.getValue());
      }
    }
    return Optional.empty();
  }

  /** Returns the size of all values in bytes, with one byte for each character. */
  long bytes() {
    long bytes =
        (long) correlation.map(Bytes::size).orElse(0)
            + responseTopic.map(String::length).orElse(0)
            + contentType.map(String::length).orElse(0);
    for (Map.Entry<String, String> property : user) {
      bytes += USER_PROPERTY_BYTES + property.getKey().length() + property.getValue().length();
    }
    return bytes;
  }

  public MessageProperties withCorrelation(Optional<Bytes> value) {
    return new MessageProperties(value, responseTopic, contentType, expirySeconds, user);
  }

  public MessageProperties withResponseTopic(Optional<String> value) {
    return new MessageProperties(correlation, value, contentType, expirySeconds, user);
  }

  public MessageProperties withContentType(String value) {
    return new MessageProperties(
        correlation, responseTopic, Optional.of(value), expirySeconds, user);
  }

  public MessageProperties withExpirySeconds(int value) {
    return new MessageProperties(
        correlation, responseTopic, contentType, OptionalInt.of(value), user);
  }

  public MessageProperties withUser(String name, String value) {
    List<Map.Entry<String, String>> more = new java.util.ArrayList<>(user);
    more.add(Map.entry(name, value));
    return new MessageProperties(correlation, responseTopic, contentType, expirySeconds, more);
  }
}
