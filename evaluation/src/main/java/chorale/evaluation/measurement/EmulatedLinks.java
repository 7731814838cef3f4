package chorale.evaluation.measurement;

import chorale.protocol.Bytes;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * An emulated network between boards and broker, on loopback. Each board connects to its own port;
 * the link delays packets and limits their rate. It carries TCP streams: no packet loss, and no
 * cost for headers and acknowledgments. Used by one thread. It owns the threads of its connections;
 * they end when it is closed.
 */
public final class EmulatedLinks implements AutoCloseable {
  private static final int PACKET_BYTES = 1460;

  /**
   * Packets of one connection that may wait for the medium; a full queue blocks the sender, as on a
   * real station.
   */
  private static final int PACKETS_AHEAD = 4;

  private static final int PACKETS_ON_THE_WAY = 1024;

  private final Kind kind;
  private final URI broker;
  private final Medium shared;
  private final List<Closeable> open = new ArrayList<>();

  /** The kind of network. */
  public enum Kind {
    /** One radio channel shared by all boards and both directions. */
    WIFI(20, 2_000),
    /** One cable for each board, with full rate in each direction. */
    LAN(100, 300);

    private final double megabits;
    private final int delayMicros;

    Kind(double megabits, int delayMicros) {
      this.megabits = megabits;
      this.delayMicros = delayMicros;
    }

    /** Returns a description for reports. */
    public String described() {
      return "%s Mbit/s %s, %s ms each way"
          .formatted(
              megabits,
              this == WIFI ? "shared by all boards" : "for each board and direction",
              delayMicros / 1e3);
    }
  }

  public EmulatedLinks(Kind kind, URI broker) {
    this.kind = kind;
    this.broker = broker;
    this.shared = new Medium(kind.megabits);
  }

  /** Returns the address of the broker for one more board. */
  public URI board() throws IOException {
    ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    keep(server);
    boolean one = kind == Kind.WIFI;
    Medium up = one ? shared : new Medium(kind.megabits);
    Medium down = one ? shared : new Medium(kind.megabits);
    start(
        "link-" + server.getLocalPort(),
        () -> {
          while (true) {
            Socket board = keep(server.accept());
            Socket far = keep(new Socket(broker.getHost(), broker.getPort()));
            board.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
            carry(board, far, up);
            carry(far, board, down);
          }
        });
    return URI.create("mqtt://127.0.0.1:" + server.getLocalPort());
  }

  private <T extends Closeable> T keep(T closeable) {
    synchronized (open) {
      open.add(closeable);
    }
    return closeable;
  }

  private record Packet(Bytes bytes, long dueNanos) {}

  /**
   * Carries one direction of one connection: each packet takes its time on the medium and is
   * written when due.
   */
  private void carry(Socket from, Socket to, Medium medium) {
    BlockingQueue<Packet> way = new ArrayBlockingQueue<>(PACKETS_ON_THE_WAY);
    start(
        "link-in",
        () -> {
          byte[] buffer = new byte[PACKET_BYTES];
          long[] passed = new long[PACKETS_AHEAD];
          Arrays.fill(passed, System.nanoTime());
          int at = 0;
          try {
            InputStream in = from.getInputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
              await(passed[at]);
              passed[at] = medium.carry(count);
              way.put(
                  new Packet(
                      Bytes.wrap(Arrays.copyOf(buffer, count)),
                      passed[at] + kind.delayMicros * 1_000L));
              at = (at + 1) % PACKETS_AHEAD;
            }
          } finally {
            // A board killed with unread data resets its connection.
            way.put(new Packet(Bytes.EMPTY, System.nanoTime()));
          }
        });
    start(
        "link-out",
        () -> {
          try (from;
              to) {
            OutputStream out = to.getOutputStream();
            for (Packet next = way.take(); !next.bytes().isEmpty(); next = way.take()) {
              await(next.dueNanos());
              out.write(next.bytes().sharedArray());
            }
          } finally {
            way.clear(); // unblocks the reader, which then finds its socket closed
          }
        });
  }

  private static void await(long dueNanos) {
    for (long left = dueNanos - System.nanoTime(); left > 0; left = dueNanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private interface Work {
    void run() throws IOException, InterruptedException;
  }

  /** Starts a thread that ends when a socket closes; a killed board is not an error. */
  private static void start(String name, Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // One side closed its socket; the other side is closed too.
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    synchronized (open) {
      for (Closeable each : open) {
        try {
          each.close();
        } catch (IOException e) {
          // already closed
        }
      }
    }
  }
}
