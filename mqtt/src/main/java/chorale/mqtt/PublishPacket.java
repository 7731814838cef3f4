package chorale.mqtt;

import chorale.protocol.Bytes;
import chorale.protocol.MalformedException;
import chorale.protocol.Message;
import chorale.protocol.MessageProperties;
import chorale.protocol.Qos;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A received PUBLISH packet. Its payload is read from the socket without a copy. Immutable.
 *
 * <p>Source: MQTT 5.0, section 3.3.
 *
 * @param id the packet id to acknowledge at QoS 1; 0 at QoS 0
 * @param message empty if topic or properties are malformed; the packet is still acknowledged,
 *     because closing the connection would also stop messages from other senders
 * @param problem why there is no message
 */
record PublishPacket(int id, Optional<Message> message, String problem) {
  private static final int RETAIN = 0x01;

  /**
   * @param flags the lower half of the packet's first byte
   * @throws MalformedException if a broker must not send such a packet
   */
  static PublishPacket read(int flags, PacketInput in) throws IOException, MalformedException {
    int qos = flags >> 1 & 0x03;
    if (qos > 1) {
      throw new MalformedException("a message at QoS " + qos + ", allowed: 0 and 1");
    }
    byte[] topic = in.binary();
    int id = qos == 0 ? 0 : in.u16();
    if (qos == 1 && id == 0) {
      throw new MalformedException("a message at QoS 1 without an id");
    }
    try {
      String name = topic(topic);
      MessageProperties properties = properties(in);
      Message message =
          new Message(
              name,
              Bytes.wrap(in.rest()),
              qos == 0 ? Qos.AT_MOST_ONCE : Qos.AT_LEAST_ONCE,
              (flags & RETAIN) != 0,
              properties);
      return new PublishPacket(id, Optional.of(message), "");
    } catch (MalformedException e) {
      in.skipRest();
      return new PublishPacket(id, Optional.empty(), e.getMessage());
    }
  }

  private static String topic(byte[] utf8) throws MalformedException {
    String topic = PacketInput.text(utf8);
    if (topic.isEmpty() || topic.indexOf('+') >= 0 || topic.indexOf('#') >= 0) {
      throw new MalformedException("a topic that is empty or holds a wildcard");
    }
    return topic;
  }

  private static MessageProperties properties(PacketInput in)
      throws IOException, MalformedException {
    if (in.left() == 0) {
      throw new MalformedException("no properties and no payload");
    }
    PacketProperties all = PacketProperties.read(in);
    all.requireOnly(PacketProperties.OF_PUBLISH);
    OptionalLong expiry = all.number(PacketProperties.EXPIRY);
    MessageProperties properties =
        new MessageProperties(
            all.bytes(PacketProperties.CORRELATION).map(Bytes::wrap),
            all.text(PacketProperties.RESPONSE_TOPIC),
            all.text(PacketProperties.CONTENT_TYPE),
            expiry.isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of((int) Math.min(Integer.MAX_VALUE, expiry.getAsLong())),
            all.user());
    return properties.equals(MessageProperties.NONE) ? MessageProperties.NONE : properties;
  }
}
