package chorale.mqtt;

import chorale.protocol.Bytes;
import chorale.protocol.MalformedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * A filter that rewrites the broker's acknowledgments into the simplest form before Paho reads
 * them. Paho decodes only this form correctly: known reason codes, properties of known length,
 * texts of printable characters. Stateless.
 *
 * <p>Source: MQTT 5.0, sections 3.2 (CONNACK), 3.4 (PUBACK), 3.9 (SUBACK), 3.14 (DISCONNECT).
 */
final class Acks {
  /** The reason codes that Paho 1.2.5 accepts; for any other code it ends the connection. */
  private static final Set<Integer> PUBACK_CODES =
      Set.of(0, 0x10, 0x80, 0x83, 0x87, 0x90, 0x97, 0x99);

  private static final Set<Integer> SUBACK_CODES =
      Set.of(0, 1, 2, 0x80, 0x83, 0x87, 0x8F, 0x91, 0x9E);

  private Acks() {}

  /**
   * The broker's answer to CONNECT.
   *
   * @param code 0 for success, or the reason code
   * @param reason the broker's reason text, may be empty
   * @param receiveMaximum how many unacknowledged at-least-once messages the broker accepts
   * @param maximumPacketSize size in bytes of the largest packet that the broker accepts
   * @param forPaho the rewritten packet for Paho
   */
  record Connack(
      int code, String reason, int receiveMaximum, long maximumPacketSize, Bytes forPaho) {}

  /**
   * @param keepAliveSeconds the client's keep-alive; the broker may request a shorter one
   */
  static Connack connack(PacketInput in, int keepAliveSeconds)
      throws IOException, MalformedException {
    in.u8();
    int code = ReasonCodes.ofConnack(in.u8());
    PacketProperties properties = PacketProperties.read(in);
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    keepFlag(properties, PacketProperties.MAXIMUM_QOS, kept);
    keepFlag(properties, PacketProperties.RETAIN_AVAILABLE, kept);
    long keepAlive = properties.number(PacketProperties.SERVER_KEEP_ALIVE).orElse(0);
    if (keepAlive > 0 && keepAlive < keepAliveSeconds) {
      kept.write(PacketProperties.SERVER_KEEP_ALIVE);
      kept.write((int) keepAlive >> 8);
      kept.write((int) keepAlive);
    }
    return new Connack(
        code,
        properties.reason(),
        (int) positive(properties, PacketProperties.RECEIVE_MAXIMUM, 65_535),
        positive(properties, PacketProperties.MAXIMUM_PACKET_SIZE, Long.MAX_VALUE),
        Bytes.wrap(
            packet(0x20, new byte[] {0, (byte) code, (byte) kept.size()}, kept.toByteArray())));
  }

  private static void keepFlag(PacketProperties properties, int id, ByteArrayOutputStream kept) {
    properties
        .number(id)
        .ifPresent(
            value -> {
              kept.write(id);
              kept.write(value == 0 ? 0 : 1);
            });
  }

  /** Returns the value, or the default if it is missing or 0, which the standard forbids. */
  private static long positive(PacketProperties properties, int id, long otherwise) {
    long value = properties.number(id).orElse(0);
    return value == 0 ? otherwise : value;
  }

  static byte[] puback(PacketInput in) throws IOException, MalformedException {
    byte[] id = in.bytes(2);
    int code = in.left() > 0 ? in.u8() : 0;
    String reason = PacketProperties.read(in).reason();
    int known = known(PUBACK_CODES, code);
    byte[] properties = reasonProperty(known == code ? reason : named(code, reason));
    return packet(0x40, new byte[] {id[0], id[1], (byte) known}, properties);
  }

  static byte[] suback(PacketInput in) throws IOException, MalformedException {
    byte[] id = in.bytes(2);
    String reason = PacketProperties.read(in).reason();
    byte[] codes = in.rest();
    for (int i = 0; i < codes.length; i++) {
      int code = codes[i] & 0xFF;
      codes[i] = (byte) known(SUBACK_CODES, code);
      reason = known(SUBACK_CODES, code) == code ? reason : named(code, reason);
    }
    return packet(0x90, id, reasonProperty(reason), codes);
  }

  private static int known(Set<Integer> codes, int code) {
    return codes.contains(code) ? code : ReasonCodes.isRefusal(code) ? ReasonCodes.ERROR : 0;
  }

  private static String named(int code, String reason) {
    return ReasonCodes.describe(code) + (reason.isEmpty() ? "" : ": " + reason);
  }

  static byte[] pingresp() {
    return packet(0xD0);
  }

  /** Returns the length of the properties and a reason text as the only property. */
  private static byte[] reasonProperty(String reason) {
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (text.length > 0) {
      writeLength(out, 3 + text.length);
      out.write(PacketProperties.REASON);
      out.write(text.length >> 8);
      out.write(text.length);
      out.writeBytes(text);
    } else {
      out.write(0);
    }
    return out.toByteArray();
  }

  private static byte[] packet(int first, byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(first);
    writeLength(out, length);
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static void writeLength(ByteArrayOutputStream out, int length) {
    int rest = length;
    while (rest > 0x7F) {
      out.write((rest & 0x7F) | 0x80);
      rest >>= 7;
    }
    out.write(rest);
  }
}
