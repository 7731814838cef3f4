package chorale.mqtt;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** MQTT 5 packets as bytes for tests, valid and invalid. */
final class Packets {
  private Packets() {}

  static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /** Encodes a variable byte integer. */
  static byte[] length(int value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int rest = value;
    while (rest > 0x7F) {
      out.write((rest & 0x7F) | 0x80);
      rest >>= 7;
    }
    out.write(rest);
    return out.toByteArray();
  }

  static byte[] packet(int first, byte[]... parts) {
    byte[] body = join(parts);
    return join(bytes(first), length(body.length), body);
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Returns the bytes after their 2-byte length. */
  static byte[] binary(byte[] bytes) {
    return join(bytes(bytes.length >> 8, bytes.length), bytes);
  }

  static byte[] text(String text) {
    return binary(utf8(text));
  }

  /** Returns the properties after their length. */
  static byte[] properties(byte[]... each) {
    byte[] all = join(each);
    return join(length(all.length), all);
  }

  static byte[] correlation(byte[] data) {
    return join(bytes(0x09), binary(data));
  }

  static byte[] user(String name, String value) {
    return join(bytes(0x26), text(name), text(value));
  }

  /** Encodes a message at QoS 1. */
  static byte[] publish(byte[] topic, int id, byte[] properties, String payload) {
    return packet(0x32, binary(topic), bytes(id >> 8, id), properties, utf8(payload));
  }

  static byte[] publish(String topic, int id, String payload) {
    return publish(utf8(topic), id, properties(), payload);
  }

  static byte[] connack(byte[]... properties) {
    return packet(0x20, bytes(0, 0), properties(properties));
  }
}
