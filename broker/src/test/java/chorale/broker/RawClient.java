package chorale.broker;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** An MQTT client that sends arbitrary bytes, valid or not. */
final class RawClient implements AutoCloseable {
  static final int MQTT_311 = 4;
  static final int MQTT_5 = 5;

  private static final int TIMEOUT_MILLIS = 15_000;

  private final int version;
  private final Socket socket;
  private final DataInputStream in;

  /** Opens the TCP connection, without an MQTT CONNECT. */
  RawClient(int port, int version) throws IOException {
    this(port, version, new Socket());
  }

  /** Opens one with a small receive buffer. */
  static RawClient reluctant(int port, int version) throws IOException {
    Socket narrow = new Socket();
    narrow.setReceiveBufferSize(8 * 1024);
    return new RawClient(port, version, narrow);
  }

  /** Opens one from another local address, such as {@code 127.0.0.2}. */
  static RawClient at(String address, int port, int version) throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(address, 0));
    return new RawClient(port, version, socket);
  }

  private RawClient(int port, int version, Socket socket) throws IOException {
    this.version = version;
    this.socket = socket;
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.setSoTimeout(TIMEOUT_MILLIS);
    this.in = new DataInputStream(socket.getInputStream());
  }

  /** A packet that arrived. */
  record Packet(int first, String hex) {
    /** Returns the byte of the body at this index. */
    int at(int index) {
      return Integer.parseInt(hex.substring(2 * index, 2 * index + 2), 16);
    }

    boolean contains(String text) {
      byte[] bytes = java.util.HexFormat.of().parseHex(hex);
      return new String(bytes, StandardCharsets.UTF_8).contains(text);
    }
  }

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

  static byte[] binary(byte[] bytes) {
    return join(bytes(bytes.length >> 8, bytes.length), bytes);
  }

  static byte[] text(String text) {
    return binary(text.getBytes(StandardCharsets.UTF_8));
  }

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

  /** Prepends the length to properties; MQTT 3.1.1 has none. */
  private byte[] properties(byte[]... each) {
    byte[] all = join(each);
    return version == MQTT_5 ? join(length(all.length), all) : new byte[0];
  }

  /** Connects; a last will with a topic is retained. Returns CONNACK. */
  Packet connect(String clientId, String user, String password, String willTopic)
      throws IOException {
    sendConnect(clientId, user, password, willTopic);
    return read();
  }

  void sendConnect(String clientId, String user, String password, String willTopic)
      throws IOException {
    boolean will = !willTopic.isEmpty();
    send(
        packet(
            0x10,
            text("MQTT"),
            bytes(version, (user.isEmpty() ? 0x02 : 0xC2) | (will ? 0x24 : 0), 0, 60),
            properties(),
            text(clientId),
            will ? join(properties(), text(willTopic), text("offline")) : new byte[0],
            user.isEmpty() ? new byte[0] : join(text(user), text(password))));
  }

  /** Resumes its earlier session with MQTT 3.1.1. Returns CONNACK. */
  Packet resume(String clientId, String user, String password) throws IOException {
    send(
        packet(
            0x10,
            text("MQTT"),
            bytes(MQTT_311, 0xC0, 0, 60),
            text(clientId),
            text(user),
            text(password)));
    return read();
  }

  /**
   * Publishes at QoS 1, or at QoS 0 for id 0.
   *
   * @param properties of MQTT 5
   */
  RawClient publish(String topic, int id, boolean retain, byte[] payload, byte[]... properties)
      throws IOException {
    send(
        packet(
            0x30 | (id > 0 ? 2 : 0) | (retain ? 1 : 0),
            text(topic),
            id > 0 ? bytes(id >> 8, id) : new byte[0],
            properties(properties),
            payload));
    return this;
  }

  /** Subscribes; returns SUBACK. */
  Packet subscribe(String filter, int qos) throws IOException {
    send(packet(0x82, bytes(0, 1), properties(), text(filter), bytes(qos)));
    return read();
  }

  /** Acknowledges a message of QoS 1. */
  void acknowledge(Packet publish) throws IOException {
    int topic = publish.at(0) << 8 | publish.at(1);
    send(packet(0x40, bytes(publish.at(2 + topic), publish.at(3 + topic))));
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** Returns the next packet; packet 0 at the end of the connection. */
  Packet read() throws IOException {
    int first = in.read();
    if (first < 0) {
      return new Packet(0, "");
    }
    int length = 0;
    for (int shift = 0; ; shift += 7) {
      int digit = in.readUnsignedByte();
      length |= (digit & 0x7F) << shift;
      if (digit < 0x80) {
        break;
      }
    }
    return new Packet(first, java.util.HexFormat.of().formatHex(in.readNBytes(length)));
  }

  /** Closes the connection without DISCONNECT, so that the broker publishes the last will. */
  @Override
  public void close() throws IOException {
    socket.close();
  }
}
