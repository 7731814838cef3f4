package chorale.mqtt;

import static chorale.mqtt.Packets.binary;
import static chorale.mqtt.Packets.bytes;
import static chorale.mqtt.Packets.connack;
import static chorale.mqtt.Packets.correlation;
import static chorale.mqtt.Packets.join;
import static chorale.mqtt.Packets.length;
import static chorale.mqtt.Packets.packet;
import static chorale.mqtt.Packets.properties;
import static chorale.mqtt.Packets.publish;
import static chorale.mqtt.Packets.text;
import static chorale.mqtt.Packets.user;
import static chorale.mqtt.Packets.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.Bytes;
import chorale.protocol.Limits;
import chorale.protocol.Message;
import chorale.protocol.MessageProperties;
import chorale.protocol.Qos;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PacketStreamTest {
  private static final String LONG = "ä".repeat(32_767);

  private final Recorder heard = new Recorder();

  private static final class Recorder implements PacketStream.Listener {
    private final List<PublishPacket> packets = new ArrayList<>();
    private final List<ConnectionException> losses = new ArrayList<>();
    private Acks.Connack connack;
    private int signs;

    @Override
    public void connack(Acks.Connack answer) throws ConnectionException {
      if (answer.code() != 0) {
        throw ConnectionException.passing("refused " + answer.code() + " " + answer.reason());
      }
      connack = answer;
    }

    @Override
    public void message(PublishPacket packet) {
      packets.add(packet);
    }

    @Override
    public void alive() {
      signs++;
    }

    @Override
    public void lost(ConnectionException why) {
      losses.add(why);
    }

    @Override
    public ConnectionException ended(int code, String reason) {
      return ConnectionException.ended(code, reason, "chorale-worker-test");
    }
  }

  /** Returns the bytes that Paho reads until the connection ends. */
  private byte[] feed(byte[]... packets) {
    PacketStream stream =
        new PacketStream(
            new ByteArrayInputStream(join(packets)), Limits.MAX_VALID_PACKET_BYTES, 5, heard);
    List<Integer> seen = new ArrayList<>();
    IOException end =
        assertThrows(
            IOException.class,
            () -> {
              while (true) {
                seen.add(stream.read());
              }
            });
    assertEquals(1, heard.losses.size());
    assertEquals(loss(), end.getMessage());
    return bytes(seen.stream().mapToInt(Integer::intValue).toArray());
  }

  private String loss() {
    return heard.losses.get(0).getMessage();
  }

  private static byte[] withProperties(byte[]... each) {
    return publish(utf8("a/b"), 7, properties(each), "jpeg");
  }

  static Stream<Arguments> unusualMessages() {
    return Stream.of(
        Arguments.of(
            "correlation data of 32,768 bytes",
            withProperties(correlation(new byte[32_768])),
            MessageProperties.NONE.withCorrelation(Optional.of(Bytes.wrap(new byte[32_768])))),
        Arguments.of(
            "correlation data of 65,535 bytes",
            withProperties(correlation(new byte[65_535])),
            MessageProperties.NONE.withCorrelation(Optional.of(Bytes.wrap(new byte[65_535])))),
        Arguments.of(
            "correlation data of no bytes is not none",
            withProperties(correlation(new byte[0])),
            MessageProperties.NONE.withCorrelation(Optional.of(Bytes.EMPTY))),
        Arguments.of("no properties", withProperties(), MessageProperties.NONE),
        Arguments.of(
            "a user property of 65,534 bytes",
            withProperties(user(LONG, LONG)),
            MessageProperties.NONE.withUser(LONG, LONG)),
        Arguments.of(
            "control characters and non-characters",
            withProperties(user("a\tb\u0001", "\uFFFE\uFDD0"), user("\u0085", "")),
            MessageProperties.NONE.withUser("a\tb\u0001", "\uFFFE\uFDD0").withUser("\u0085", "")),
        Arguments.of(
            "a response topic of 65,534 bytes",
            withProperties(join(bytes(0x08), text(LONG))),
            MessageProperties.NONE.withResponseTopic(Optional.of(LONG))),
        Arguments.of(
            "the longest expiry",
            withProperties(bytes(0x02, 0xFF, 0xFF, 0xFF, 0xFF)),
            MessageProperties.NONE.withExpirySeconds(Integer.MAX_VALUE)),
        Arguments.of(
            "properties that are not used",
            withProperties(bytes(0x01, 1, 0x0B, 0xFF, 0x7F, 0x0B, 1)),
            MessageProperties.NONE));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unusualMessages")
  void read_unusualMessage_isDelivered(String what, byte[] packet, MessageProperties expected) {
    feed(connack(), packet);
    Message message = new Message("a/b", Bytes.utf8("jpeg"), Qos.AT_LEAST_ONCE, false, expected);
    assertEquals(List.of(new PublishPacket(7, Optional.of(message), "")), heard.packets, what);
    assertEquals("the broker closed the connection", loss());
  }

  @Test
  void read_manyUserProperties_areAllKept() {
    byte[][] many = new byte[3_000][];
    for (int i = 0; i < many.length; i++) {
      many[i] = user("name", String.valueOf(i));
    }
    feed(connack(), withProperties(many));
    MessageProperties got = heard.packets.get(0).message().orElseThrow().properties();
    assertEquals(3_000, got.user().size());
    assertEquals("2999", got.user().get(2_999).getValue());
  }

  @Test
  void read_largestImage_isDeliveredAndHiddenFromPaho() {
    byte[] image = new byte[Limits.MAX_IMAGE_BYTES];
    new Random(7).nextBytes(image);
    byte[] seen = feed(connack(), packet(0x31, text("a/b"), properties(), image));
    Message message =
        new Message("a/b", Bytes.wrap(image), Qos.AT_MOST_ONCE, true, MessageProperties.NONE);
    assertEquals(List.of(new PublishPacket(0, Optional.of(message), "")), heard.packets);
    assertArrayEquals(connack(), seen);
  }

  @Test
  void read_messageInPieces_eachPieceReportsAlive() throws IOException {
    byte[] all = join(connack(), packet(0x30, text("a/b"), properties(), new byte[1_000_000]));
    InputStream slow =
        new FilterInputStream(new ByteArrayInputStream(all)) {
          @Override
          public int read(byte[] into, int offset, int length) throws IOException {
            return super.read(into, offset, Math.min(length, 1_000));
          }
        };
    PacketStream stream = new PacketStream(slow, Limits.MAX_VALID_PACKET_BYTES, 5, heard);
    assertThrows(IOException.class, () -> stream.skipNBytes(all.length));
    assertEquals(1, heard.packets.size());
    assertTrue(heard.signs >= 1_000, () -> heard.signs + " signs");
  }

  static Stream<Arguments> malformedMessages() {
    return Stream.of(
        Arguments.of(withProperties(bytes(0x7E, 0)), "an unknown property 126"),
        Arguments.of(withProperties(bytes(0x80, 0x01, 0)), "an unknown property 128"),
        Arguments.of(withProperties(bytes(0x23, 0, 1)), "property 35 where it is not allowed"),
        Arguments.of(withProperties(bytes(0x21, 0, 1)), "property 33 where it is not allowed"),
        Arguments.of(
            withProperties(correlation(bytes(1)), correlation(bytes(2))), "property 9 twice"),
        Arguments.of(
            withProperties(bytes(0x09, 0xFF, 0xFF, 1)), "a field of 65535 bytes where 1 are left"),
        Arguments.of(withProperties(bytes(0x09, 0)), "a field of 1 bytes where 0 are left"),
        Arguments.of(
            withProperties(join(bytes(0x26), text("a"))), "a field of 1 bytes where 0 are left"),
        Arguments.of(
            withProperties(join(bytes(0x26), text("a"), binary(bytes(0xC3)))),
            "a text that is not UTF-8"),
        Arguments.of(
            withProperties(join(bytes(0x08), binary(bytes(0xED, 0xA0, 0x80)))),
            "a text that is not UTF-8"),
        Arguments.of(withProperties(user("a", "b\0")), "a text with a zero character"),
        Arguments.of(
            publish(utf8("a/b"), 7, bytes(0xFF, 0xFF, 0xFF, 0x7F), "jpeg"),
            "a field of 268435455 bytes where 4 are left"),
        Arguments.of(
            publish(utf8("a/b"), 7, bytes(0x80, 0x80, 0x80, 0x80), "jpeg"),
            "a length of more than four bytes"),
        Arguments.of(publish(utf8("a/b"), 7, bytes(), ""), "no properties and no payload"),
        Arguments.of(publish("", 7, "jpeg"), "a topic that is empty or holds a wildcard"),
        Arguments.of(publish("a/#", 7, "jpeg"), "a topic that is empty or holds a wildcard"),
        Arguments.of(
            publish(bytes('a', 0xFF), 7, properties(), "jpeg"), "a text that is not UTF-8"));
  }

  @ParameterizedTest
  @MethodSource("malformedMessages")
  void read_malformedMessage_isAcknowledgedAndTheNextIsDelivered(byte[] packet, String problem) {
    feed(connack(), packet, publish("a/next", 8, "jpeg"));
    assertEquals(new PublishPacket(7, Optional.empty(), problem), heard.packets.get(0));
    assertEquals("a/next", heard.packets.get(1).message().orElseThrow().topic());
    assertEquals("the broker closed the connection", loss());
  }

  static Stream<Arguments> packetsThatEndTheConnection() {
    return Stream.of(
        Arguments.of(bytes(0x30, 0xFF, 0xFF, 0xFF, 0xFF, 1), "a length of more than four bytes"),
        Arguments.of(
            bytes(0x30, 0xFF, 0xFF, 0xFF, 0x7F), "PUBLISH of 268435455 bytes, allowed: 4259840"),
        Arguments.of(
            join(bytes(0xE0), length(Limits.MAX_VALID_PACKET_BYTES + 1)),
            "DISCONNECT of 4259841 bytes, allowed: 4259840"),
        Arguments.of(packet(0x34, text("a/b"), bytes(0, 7, 0)), "QoS 2, allowed: 0 and 1"),
        Arguments.of(packet(0x36, text("a/b"), bytes(0, 7, 0)), "QoS 3, allowed: 0 and 1"),
        Arguments.of(publish("a/b", 0, "jpeg"), "without an id"),
        Arguments.of(packet(0x32, bytes(0xFF, 0xFF, 'a')), "65535 bytes where 1 are left"),
        Arguments.of(packet(0x32, text("a/b"), bytes(0)), "1 bytes where 0 are left"),
        Arguments.of(connack(), "CONNACK again"),
        Arguments.of(packet(0x00), "reserved, which brokers must not send"),
        Arguments.of(packet(0x10, text("MQTT")), "CONNECT, which brokers must not send"),
        Arguments.of(packet(0x50, bytes(0, 7)), "PUBREC, which brokers must not send"),
        Arguments.of(packet(0x62, bytes(0, 7)), "PUBREL, which brokers must not send"),
        Arguments.of(packet(0x70, bytes(0, 7)), "PUBCOMP, which brokers must not send"),
        Arguments.of(packet(0x82, bytes(0, 7)), "SUBSCRIBE, which brokers must not send"),
        Arguments.of(packet(0xB0, bytes(0, 7, 0)), "UNSUBACK, which brokers must not send"),
        Arguments.of(packet(0xC0), "PINGREQ, which brokers must not send"),
        Arguments.of(packet(0xF0, bytes(0x18, 0)), "AUTH, which brokers must not send"),
        Arguments.of(packet(0x41, bytes(0, 7)), "PUBACK with reserved bits set"),
        Arguments.of(packet(0x40, bytes(7)), "a field of 2 bytes where 1 are left"),
        Arguments.of(
            packet(0x40, bytes(0, 7, 0, 0xFF, 0xFF, 0xFF, 0x7F)), "268435455 bytes where 0"),
        Arguments.of(packet(0x90, bytes(0, 7, 9, 0)), "a field of 9 bytes where 1 are left"),
        Arguments.of(
            packet(0x90, bytes(0, 7), properties(bytes(0x1F, 0xFF, 0xFF, 1)), bytes(1)),
            "a field of 65535 bytes where 1 are left"),
        Arguments.of(
            packet(0xE0, bytes(0x8B), properties(join(bytes(0x1F), binary(bytes(0xFF))))),
            "a text that is not UTF-8"),
        Arguments.of(
            packet(0xE0, bytes(0x8B)),
            "the broker ended the connection: 0x8B server shutting down"),
        Arguments.of(packet(0xE0), "the broker ended the connection: 0x00 normal disconnection"),
        Arguments.of(
            packet(0xE0, bytes(0x97), properties(join(bytes(0x1F), text("too\n much\u0001")))),
            "the broker ended the connection: 0x97 quota exceeded (too much)"));
  }

  @ParameterizedTest
  @MethodSource("packetsThatEndTheConnection")
  void read_unexpectedPacket_endsTheConnectionWithAReason(byte[] packet, String reason) {
    feed(connack(), publish("a/b", 7, "jpeg"), packet, publish("a/never", 8, "jpeg"));
    assertTrue(loss().contains(reason), this::loss);
    assertFalse(loss().contains("Exception"), this::loss);
    assertFalse(loss().contains("\n"), this::loss);
    assertEquals(1, heard.packets.size());
  }

  static Stream<Arguments> firstPackets() {
    return Stream.of(
        Arguments.of(publish("a/b", 7, "jpeg"), "PUBLISH before CONNACK"),
        Arguments.of(packet(0xD0), "PINGRESP before CONNACK"),
        Arguments.of(utf8("HTTP/1.1 400 Bad Request\r\n\r\n"), "PUBACK before CONNACK"),
        Arguments.of(utf8("SSH-2.0-OpenSSH_9.2\r\n"), "PUBREC, which brokers must not send"),
        Arguments.of(bytes(0x15, 3, 3, 0, 2, 2, 80), "CONNECT, which brokers must not send"),
        Arguments.of(packet(0x20, bytes(0)), "a field of 1 bytes where 0 are left"),
        Arguments.of(packet(0x20, bytes(0, 0, 9)), "a field of 9 bytes where 0 are left"),
        Arguments.of(connack(bytes(0x7E, 1)), "an unknown property 126"),
        // A broker that supports only MQTT 3.1.1.
        Arguments.of(packet(0x20, bytes(0, 1)), "refused 132 "),
        Arguments.of(
            packet(0x20, bytes(0, 0x87), properties(join(bytes(0x1F), text("go away")))),
            "refused 135 go away"),
        Arguments.of(packet(0xE0, bytes(0x95)), "0x95 packet too large"));
  }

  @ParameterizedTest
  @MethodSource("firstPackets")
  void read_firstPacketIsNotConnack_endsTheConnectionWithAReason(byte[] packet, String reason) {
    assertEquals(0, feed(packet).length);
    assertTrue(loss().contains(reason), this::loss);
  }

  @Test
  void read_endWithinAPacket_saysThatTheBrokerClosed() {
    byte[] whole = join(connack(), publish("a/b", 7, "jpeg"));
    for (int length = 0; length < whole.length; length++) {
      heard.losses.clear();
      feed(Arrays.copyOf(whole, length));
      assertEquals("the broker closed the connection", loss(), "after " + length + " bytes");
    }
    assertEquals(List.of(), heard.packets);
  }

  @Test
  void read_connack_limitsAreReportedAndPahoSeesTheSimplestForm() {
    byte[] properties =
        join(
            bytes(0x21, 0xFF, 0xFF, 0x22, 0, 9, 0x27, 0x80, 0, 0, 0, 0x12),
            text("assigned"),
            bytes(0x24, 1, 0x25, 0, 0x13, 0, 3, 0x11, 0, 0, 0, 9));
    byte[] seen = feed(connack(properties));
    assertArrayEquals(connack(bytes(0x24, 1, 0x25, 0, 0x13, 0, 3)), seen);
    assertEquals(65_535, heard.connack.receiveMaximum());
    assertEquals(2_147_483_648L, heard.connack.maximumPacketSize());
  }

  @Test
  void read_connackWithZeros_meansTheDefaults() {
    feed(connack(bytes(0x21, 0, 0, 0x27, 0, 0, 0, 0, 0x13, 0, 0)));
    assertEquals(65_535, heard.connack.receiveMaximum());
    assertEquals(Long.MAX_VALUE, heard.connack.maximumPacketSize());
  }

  static Stream<Arguments> acknowledgments() {
    return Stream.of(
        Arguments.of(packet(0x40, bytes(1, 2)), packet(0x40, bytes(1, 2, 0, 0))),
        Arguments.of(packet(0x40, bytes(1, 2, 0x10)), packet(0x40, bytes(1, 2, 0x10, 0))),
        Arguments.of(
            packet(
                0x40, bytes(1, 2, 0x97), properties(join(bytes(0x1F), text("a\tb")), user("", ""))),
            packet(0x40, bytes(1, 2, 0x97), properties(join(bytes(0x1F), text("a b"))))),
        Arguments.of(
            packet(0x40, bytes(1, 2, 0x91)),
            packet(
                0x40,
                bytes(1, 2, 0x80),
                properties(join(bytes(0x1F), text("0x91 packet id in use"))))),
        Arguments.of(
            packet(0x90, bytes(1, 2), properties(join(bytes(0x1F), text("x"))), bytes(1, 0xA2)),
            packet(
                0x90,
                bytes(1, 2),
                properties(join(bytes(0x1F), text("0xA2 wildcard subscriptions not supported: x"))),
                bytes(1, 0x80))),
        Arguments.of(packet(0xD0, bytes(1, 2)), packet(0xD0)));
  }

  @ParameterizedTest
  @MethodSource("acknowledgments")
  void read_acknowledgment_reachesPahoInItsForm(byte[] packet, byte[] expected) {
    assertArrayEquals(join(connack(), expected), feed(connack(), packet));
  }

  @Test
  void read_randomBytes_alwaysEndsWithOneReason() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 5_000; i++) {
      byte[] noise = new byte[random.nextInt(60)];
      random.nextBytes(noise);
      // Mostly small lengths, often a message.
      if (noise.length > 1 && random.nextBoolean()) {
        noise[0] = 0x32;
        noise[1] = (byte) (noise.length - 2);
      }
      heard.losses.clear();
      feed(connack(), noise);
      assertFalse(loss().isBlank(), "seed " + seed);
    }
  }
}
