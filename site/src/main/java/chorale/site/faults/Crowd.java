package chorale.site.faults;

import chorale.protocol.Topics;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A crowd of cameras that connect at once, lose their connections without DISCONNECT, and reconnect
 * at once, round after round. They speak MQTT 3.1.1 without a library, have a last will and
 * subscribe to results. Runs on its own thread; one owner starts and closes it.
 */
final class Crowd implements AutoCloseable {
  static final int CLIENTS = 200;

  private static final Duration ROUND = Duration.ofSeconds(1);
  private static final Duration STAY = Duration.ofMillis(500);
  private static final int PATIENCE_MILLIS = 10_000;
  private static final int CONNECT = 0x10;
  private static final int SUBSCRIBE = 0x82;
  private static final int CLEAN_SESSION_AND_WILL = 0x02 | 0x04 | 0x08;
  private static final int KEEP_ALIVE_SECONDS = 60;

  private final Topics topics;
  private final int port;
  private final Thread thread = new Thread(this::comeAndGo, "crowd");
  private volatile boolean ended;

  // Written by the crowd's thread; read after its end.
  private final List<Double> rounds = new ArrayList<>();
  private int refused;

  private Crowd(Topics topics, int port) {
    this.topics = topics;
    this.port = port;
    thread.setDaemon(true);
  }

  static Crowd start(Topics topics, int port) {
    Crowd crowd = new Crowd(topics, port);
    crowd.thread.start();
    return crowd;
  }

  private void comeAndGo() {
    try {
      while (!ended) {
        long began = System.nanoTime();
        come(began);
        Thread.sleep(Math.max(0, ROUND.toMillis() - (System.nanoTime() - began) / 1_000_000));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void come(long began) throws InterruptedException {
    List<Socket> clients = new ArrayList<>();
    try {
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(connect(i));
      }
      for (Socket each : clients) {
        awaitAccepted(each);
      }
      rounds.add((System.nanoTime() - began) / 1e6);
      Thread.sleep(STAY.toMillis());
    } catch (IOException e) {
      refused++;
    } finally {
      clients.forEach(Crowd::abort);
    }
  }

  private Socket connect(int number) throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.getOutputStream().write(greeting(number));
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Returns CONNECT with a last will, and SUBSCRIBE to its results. */
  private byte[] greeting(int number) throws IOException {
    String name = String.format(Locale.ROOT, "crowd-%03d", number);
    String prefix = topics.cameraPrefix(name);
    ByteArrayOutputStream connect = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(connect);
    out.writeUTF("MQTT");
    out.writeByte(4);
    out.writeByte(CLEAN_SESSION_AND_WILL);
    out.writeShort(KEEP_ALIVE_SECONDS);
    out.writeUTF(name);
    out.writeUTF(prefix + "availability");
    out.writeUTF("offline");
    ByteArrayOutputStream subscribe = new ByteArrayOutputStream();
    out = new DataOutputStream(subscribe);
    out.writeShort(1);
    out.writeUTF(prefix + "result");
    out.writeByte(1);
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    packet(CONNECT, connect.toByteArray(), both);
    packet(SUBSCRIBE, subscribe.toByteArray(), both);
    return both.toByteArray();
  }

  private static void packet(int type, byte[] body, ByteArrayOutputStream out) throws IOException {
    if (body.length > 127) {
      throw new IOException("packet of " + body.length + " bytes (allowed: 127)");
    }
    out.write(type);
    out.write(body.length);
    out.write(body);
  }

  /** Waits for a successful CONNACK and SUBACK. */
  private static void awaitAccepted(Socket client) throws IOException {
    DataInputStream in = new DataInputStream(client.getInputStream());
    byte[] answers = new byte[4 + 5];
    in.readFully(answers);
    if (answers[3] != 0 || (answers[8] & 0x80) != 0) {
      throw new IOException("connection or subscription refused");
    }
  }

  /** Closes the connection without DISCONNECT, so that the broker publishes the last will. */
  private static void abort(Socket client) {
    try {
      client.setSoLinger(true, 0);
      client.close();
    } catch (IOException e) {
      // The socket is closed in any case.
    }
  }

  /** Returns the milliseconds of each round until all clients were connected and subscribed. */
  List<Double> rounds() {
    return List.copyOf(rounds);
  }

  /** Returns the number of rounds in which a client was refused, or got no answer within 10 s. */
  int refused() {
    return refused;
  }

  /** Stops the crowd; returns when all clients are disconnected. */
  @Override
  public void close() {
    ended = true;
    try {
      thread.join(2L * PATIENCE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
