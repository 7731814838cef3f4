package chorale.mqtt;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server with a minimal MQTT 5 implementation and scripted answers, including defects of brokers.
 */
final class ScriptedBroker implements AutoCloseable {
  volatile boolean silent;
  volatile boolean hangsUp;
  volatile int connackCode;
  volatile int subackCode = 1;

  /** The code for a SUBSCRIBE that contains this text; 0 ends the connection. Ignored if empty. */
  volatile String specialFilter = "";

  volatile int specialSubackCode;
  volatile int pubackCode;
  volatile int receiveMaximum = 65_535;
  volatile int topicAliasMaximum = 10;
  volatile int maximumPacketSize = 1_000_000;
  volatile boolean holdAcks;

  /** Bytes that answer CONNECT instead of the fields above, if not empty. */
  volatile byte[] welcome = {};

  /** Ends the connection of a client that publishes on this topic, without an acknowledgment. */
  volatile String refusedTopic = "";

  final List<String> topics = new CopyOnWriteArrayList<>();
  final List<Integer> acknowledged = new CopyOnWriteArrayList<>();
  final AtomicInteger attempts = new AtomicInteger();
  final AtomicInteger subscribed = new AtomicInteger();

  private final ServerSocket server;
  private final List<Socket> clients = new CopyOnWriteArrayList<>();

  // Guarded by this.
  private final Queue<byte[]> heldAcks = new ArrayDeque<>();

  ScriptedBroker(int port) {
    this(listen(port));
  }

  ScriptedBroker(ServerSocket server) {
    this.server = server;
    start(this::accept);
  }

  private static ServerSocket listen(int port) {
    try {
      return new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return server.getLocalPort();
  }

  /** Sends the withheld acknowledgments over the newest connection. */
  synchronized void releaseAcks() throws IOException {
    holdAcks = false;
    OutputStream out = clients.get(clients.size() - 1).getOutputStream();
    while (!heldAcks.isEmpty()) {
      out.write(heldAcks.remove());
    }
  }

  /** Delivers an empty at-least-once message to every client. */
  void deliver(String topic, int messageId) throws IOException {
    byte[] name = topic.getBytes(StandardCharsets.UTF_8);
    byte[] packet =
        ByteBuffer.allocate(7 + name.length)
            .put((byte) 0x32)
            .put((byte) (5 + name.length))
            .putShort((short) name.length)
            .put(name)
            .putShort((short) messageId)
            .put((byte) 0)
            .array();
    for (Socket client : clients) {
      client.getOutputStream().write(packet);
    }
  }

  /** Sends these bytes to every client. */
  void send(byte[] packet) throws IOException {
    for (Socket client : clients) {
      client.getOutputStream().write(packet);
    }
  }

  /** Ends every connection with this reason code. */
  void disconnect(int code) throws IOException {
    for (Socket client : clients) {
      client.getOutputStream().write(new byte[] {(byte) 0xE0, 2, (byte) code, 0});
    }
  }

  synchronized void cut() throws IOException {
    heldAcks.clear();
    for (Socket client : clients) {
      client.close();
    }
    clients.clear();
  }

  @Override
  public void close() throws IOException {
    server.close();
    cut();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        attempts.incrementAndGet();
        clients.add(client);
        start(() -> serve(client));
      } catch (IOException e) {
        // Closed.
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      if (hangsUp) {
        return;
      }
      DataInputStream in = new DataInputStream(client.getInputStream());
      while (true) {
        int type = in.readUnsignedByte();
        byte[] body = new byte[length(in)];
        in.readFully(body);
        if (!silent) {
          answer(type, ByteBuffer.wrap(body), client.getOutputStream());
        }
      }
    } catch (IOException e) {
      // The client disconnected, or was cut off.
    }
  }

  private static int length(DataInputStream in) throws IOException {
    int length = 0;
    for (int shift = 0; ; shift += 7) {
      int digit = in.readUnsignedByte();
      length |= (digit & 0x7F) << shift;
      if (digit < 0x80) {
        return length;
      }
    }
  }

  private void answer(int type, ByteBuffer body, OutputStream out) throws IOException {
    switch (type >> 4) {
      case 1 -> out.write(connack());
      case 3 -> published(type, body, out);
      case 4 -> acknowledged.add((int) body.getShort());
      case 8 -> out.write(suback(body));
      case 12 -> out.write(new byte[] {(byte) 0xD0, 0});
      default -> {}
    }
  }

  private byte[] suback(ByteBuffer body) {
    String filters = StandardCharsets.UTF_8.decode(body.duplicate()).toString();
    boolean isSpecial = !specialFilter.isEmpty() && filters.contains(specialFilter);
    int code = isSpecial ? specialSubackCode : subackCode;
    subscribed.incrementAndGet();
    return isSpecial && code == 0
        ? new byte[] {(byte) 0xE0, 2, (byte) 0x87, 0}
        : new byte[] {(byte) 0x90, 4, body.get(0), body.get(1), 0, (byte) code};
  }

  private byte[] connack() {
    if (welcome.length > 0) {
      return welcome;
    }
    if (connackCode != 0) {
      return new byte[] {0x20, 3, 0, (byte) connackCode, 0};
    }
    return ByteBuffer.allocate(16)
        .put(new byte[] {0x20, 14, 0, 0, 11})
        .put((byte) 0x21)
        .putShort((short) receiveMaximum)
        .put((byte) 0x22)
        .putShort((short) topicAliasMaximum)
        .put((byte) 0x27)
        .putInt(maximumPacketSize)
        .array();
  }

  private synchronized void published(int type, ByteBuffer body, OutputStream out)
      throws IOException {
    byte[] topic = new byte[body.getShort()];
    body.get(topic);
    topics.add(new String(topic, StandardCharsets.UTF_8));
    if (topics.get(topics.size() - 1).equals(refusedTopic)) {
      out.write(new byte[] {(byte) 0xE0, 2, (byte) 0x87, 0});
      return;
    }
    if ((type & 0x06) == 0) {
      return;
    }
    byte[] ack = {0x40, 4, body.get(), body.get(), (byte) pubackCode, 0};
    if (holdAcks) {
      heldAcks.add(ack);
    } else {
      out.write(ack);
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "scripted-broker");
    thread.setDaemon(true);
    thread.start();
  }
}
