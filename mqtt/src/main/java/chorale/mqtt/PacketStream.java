package chorale.mqtt;

import chorale.protocol.Limits;
import chorale.protocol.MalformedException;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;

/**
 * The input stream for Paho: it reads and checks every packet of the broker first. Messages go to
 * the {@link Listener} and never reach Paho; acknowledgments are rewritten ({@link Acks}); any
 * other packet ends the connection with a reason. Paho 1.2.5 fails silently on lengths of 32,768
 * bytes and more, on texts with control characters and on unexpected packets. Used by Paho's
 * receiving thread.
 *
 * <p>Source: MQTT 5.0, section 2.1 (structure of a packet).
 */
final class PacketStream extends InputStream {
  private static final int BUFFER_BYTES = 64 * 1024;

  private static final int CONNACK = 2;
  private static final int PUBLISH = 3;
  private static final int PUBACK = 4;
  private static final int SUBACK = 9;
  private static final int PINGRESP = 13;
  private static final int DISCONNECT = 14;

  /** The packet types that a broker may send to a client with subscriptions up to QoS 1. */
  private static final Set<Integer> KNOWN =
      Set.of(CONNACK, PUBLISH, PUBACK, SUBACK, PINGRESP, DISCONNECT);

  private static final String[] NAMES = {
    "reserved",
    "CONNECT",
    "CONNACK",
    "PUBLISH",
    "PUBACK",
    "PUBREC",
    "PUBREL",
    "PUBCOMP",
    "SUBSCRIBE",
    "SUBACK",
    "UNSUBSCRIBE",
    "UNSUBACK",
    "PINGREQ",
    "PINGRESP",
    "DISCONNECT",
    "AUTH"
  };

  /** Receives the broker's packets. An exception ends the connection; its message is for people. */
  interface Listener {
    /** The broker answered CONNECT; throws on a refusal. */
    void connack(Acks.Connack connack) throws ConnectionException;

    void message(PublishPacket packet) throws ConnectionException;

    /** Some bytes arrived, so the broker is alive. */
    void alive();

    /** The connection is lost; called once. */
    void lost(ConnectionException why);

    /** Returns the meaning of a DISCONNECT from the broker. */
    ConnectionException ended(int code, String reason);
  }

  private final InputStream in;
  private final int maxPacketBytes;
  private final int keepAliveSeconds;
  private final Listener listener;

  private boolean connected;
  private byte[] forPaho = new byte[0];
  private int at;

  /**
   * @param in the socket's stream, whose reads end when the socket is closed
   * @param maxPacketBytes the limit that was sent to the broker
   */
  PacketStream(InputStream in, int maxPacketBytes, int keepAliveSeconds, Listener listener) {
    this.in = new BufferedInputStream(watched(in, listener), BUFFER_BYTES);
    this.maxPacketBytes = Math.min(maxPacketBytes, Limits.MAX_PACKET_BYTES);
    this.keepAliveSeconds = keepAliveSeconds;
    this.listener = listener;
  }

  /** Reports every piece that arrives, because an image can take longer than the keep-alive. */
  private static InputStream watched(InputStream in, Listener listener) {
    return new FilterInputStream(in) {
      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        int read = in.read(into, offset, length);
        if (read > 0) {
          listener.alive();
        }
        return read;
      }
    };
  }

  @Override
  public int read() throws IOException {
    fill();
    return forPaho[at++] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    fill();
    int count = Math.min(length, forPaho.length - at);
    System.arraycopy(forPaho, at, into, offset, count);
    at += count;
    return count;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private void fill() throws IOException {
    if (at < forPaho.length) {
      return;
    }
    try {
      do {
        forPaho = next();
        at = 0;
      } while (forPaho.length == 0);
    } catch (ConnectionException e) {
      throw lost(e);
    } catch (MalformedException e) {
      throw lost(
          ConnectionException.passing("the broker sent a malformed packet: " + e.getMessage()));
    } catch (IOException e) {
      throw lost(ConnectionException.of(e));
    }
  }

  private IOException lost(ConnectionException why) {
    listener.lost(why);
    return new IOException(why.getMessage(), why);
  }

  /** Reads one packet and returns the bytes for Paho, possibly none. */
  private byte[] next() throws IOException, MalformedException, ConnectionException {
    int first = in.read();
    if (first < 0) {
      throw ConnectionException.passing("the broker closed the connection");
    }
    int length = PacketInput.packetLength(in);
    int type = first >> 4;
    if (length > maxPacketBytes) {
      throw new MalformedException(
          "%s of %d bytes, allowed: %d".formatted(NAMES[type], length, maxPacketBytes));
    }
    if (!KNOWN.contains(type)) {
      throw new MalformedException(NAMES[type] + ", which brokers must not send");
    }
    if (connected ? type == CONNACK : type != CONNACK && type != DISCONNECT) {
      throw new MalformedException(NAMES[type] + (connected ? " again" : " before CONNACK"));
    }
    if (type != PUBLISH && (first & 0x0F) != 0) {
      throw new MalformedException(NAMES[type] + " with reserved bits set");
    }
    return judge(type, first & 0x0F, new PacketInput(in, length));
  }

  private byte[] judge(int type, int flags, PacketInput body)
      throws IOException, MalformedException, ConnectionException {
    switch (type) {
      case CONNACK -> {
        Acks.Connack connack = Acks.connack(body, keepAliveSeconds);
        listener.connack(connack);
        connected = true;
        return connack.forPaho().sharedArray();
      }
      case PUBLISH -> {
        listener.message(PublishPacket.read(flags, body));
        return new byte[0];
      }
      case PUBACK -> {
        return Acks.puback(body);
      }
      case SUBACK -> {
        return Acks.suback(body);
      }
      case PINGRESP -> {
        body.skipRest();
        return Acks.pingresp();
      }
      case DISCONNECT -> {
        int code = body.left() > 0 ? body.u8() : 0;
        throw listener.ended(code, PacketProperties.read(body).reason());
      }
      default -> throw new IllegalStateException(NAMES[type]);
    }
  }
}
