package chorale.mqtt;

import chorale.protocol.MalformedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The properties of one received packet. Owned by the reading thread.
 *
 * <p>Source: MQTT 5.0, section 2.2.2 (properties, their identifiers and types).
 */
final class PacketProperties {
  static final int PAYLOAD_FORMAT = 0x01;
  static final int EXPIRY = 0x02;
  static final int CONTENT_TYPE = 0x03;
  static final int RESPONSE_TOPIC = 0x08;
  static final int CORRELATION = 0x09;
  static final int SUBSCRIPTION_ID = 0x0B;
  static final int SERVER_KEEP_ALIVE = 0x13;
  static final int REASON = 0x1F;
  static final int RECEIVE_MAXIMUM = 0x21;
  static final int MAXIMUM_QOS = 0x24;
  static final int RETAIN_AVAILABLE = 0x25;
  static final int USER = 0x26;
  static final int MAXIMUM_PACKET_SIZE = 0x27;

  /** The properties that are allowed in a PUBLISH to a client without topic aliases. */
  static final Set<Integer> OF_PUBLISH =
      Set.of(
          PAYLOAD_FORMAT, EXPIRY, CONTENT_TYPE, RESPONSE_TOPIC, CORRELATION, SUBSCRIPTION_ID, USER);

  private final Map<Integer, Object> values = new HashMap<>();
  private final List<Map.Entry<String, String>> user = new ArrayList<>();

  private PacketProperties() {}

  /** Reads the length and the properties. A packet may end before them. */
  static PacketProperties read(PacketInput in) throws IOException, MalformedException {
    PacketProperties properties = new PacketProperties();
    if (in.left() > 0) {
      PacketInput section = in.section(in.variableInt());
      while (section.left() > 0) {
        properties.readOne(section);
      }
    }
    return properties;
  }

  private void readOne(PacketInput in) throws IOException, MalformedException {
    int id = in.variableInt();
    Object value =
        switch (id) {
          case PAYLOAD_FORMAT, 0x17, 0x19, MAXIMUM_QOS, RETAIN_AVAILABLE, 0x28, 0x29, 0x2A ->
              (long) in.u8();
          case SERVER_KEEP_ALIVE, RECEIVE_MAXIMUM, 0x22, 0x23 -> (long) in.u16();
          case EXPIRY, 0x11, 0x18, MAXIMUM_PACKET_SIZE -> in.u32();
          case SUBSCRIPTION_ID -> (long) in.variableInt();
          case CORRELATION, 0x16 -> in.binary();
          case CONTENT_TYPE, RESPONSE_TOPIC, 0x12, 0x15, 0x1A, 0x1C, REASON -> in.text();
          case USER -> Map.entry(in.text(), in.text());
          default -> throw new MalformedException("an unknown property " + id);
        };
    if (id == USER) {
      @SuppressWarnings("unchecked") // made in the line above
      Map.Entry<String, String> pair = (Map.Entry<String, String>) value;
      user.add(pair);
    } else if (values.put(id, value) != null && id != SUBSCRIPTION_ID) {
      throw new MalformedException("property " + id + " twice");
    }
  }

  void requireOnly(Set<Integer> allowed) throws MalformedException {
    for (int id : values.keySet()) {
      if (!allowed.contains(id)) {
        throw new MalformedException("property " + id + " where it is not allowed");
      }
    }
  }

  OptionalLong number(int id) {
    return values.get(id) instanceof Long value ? OptionalLong.of(value) : OptionalLong.empty();
  }

  Optional<String> text(int id) {
    return values.get(id) instanceof String value ? Optional.of(value) : Optional.empty();
  }

  Optional<byte[]> bytes(int id) {
    return values.get(id) instanceof byte[] value ? Optional.of(value) : Optional.empty();
  }

  List<Map.Entry<String, String>> user() {
    return user;
  }

  /** Returns the broker's reason text: one line of at most 200 printable characters. */
  String reason() {
    String text = text(REASON).orElse("").replaceAll("[\\s\\p{Cc}\\p{Cs}\\p{Cn}]+", " ").strip();
    return text.substring(
        0, text.offsetByCodePoints(0, Math.min(200, text.codePointCount(0, text.length()))));
  }
}
