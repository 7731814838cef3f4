package chorale.site.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * A faulty connection of one client to the broker: a TCP proxy on loopback that can be broken,
 * stalled, slow or lossy. Thread-safe; its own threads end when it is closed.
 */
final class Link implements AutoCloseable {
  private final ServerSocket server;
  private final int brokerPort;

  // Guarded by this.
  private final Set<Socket> open = new HashSet<>();
  private State state = State.WHOLE;

  /**
   * The state of the proxy.
   *
   * @param broken whether every connection is closed
   * @param stalled whether bytes are held back
   * @param lossy whether bytes are dropped
   * @param delay time from input to output
   * @param bytesPerSecond maximum rate in each direction
   */
  record State(boolean broken, boolean stalled, boolean lossy, Duration delay, int bytesPerSecond) {
    static final State WHOLE = of(false, false, false);

    static State of(boolean broken, boolean stalled, boolean lossy) {
      return new State(broken, stalled, lossy, Duration.ZERO, Integer.MAX_VALUE);
    }
  }

  Link(int brokerPort) throws IOException {
    this.brokerPort = brokerPort;
    this.server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    Flow.start(this::accept);
  }

  /** Returns the address of the broker for the client. */
  URI uri() {
    return URI.create("mqtt://127.0.0.1:" + server.getLocalPort());
  }

  /** Closes every current and new connection until restored. */
  synchronized void cut() {
    become(State.of(true, false, false));
    Set.copyOf(open).forEach(this::close);
  }

  /** Holds back all bytes in both directions, without closing connections, until restored. */
  void stall() {
    become(State.of(false, true, false));
  }

  /** Drops all bytes in both directions; connections are closed when it is restored. */
  void drop() {
    become(State.of(false, false, true));
  }

  /** Delays each byte until restored. */
  void delay(Duration delay) {
    become(new State(false, false, false, delay, Integer.MAX_VALUE));
  }

  /** Limits the rate in each direction until restored. */
  void trickle(int bytesPerSecond) {
    become(new State(false, false, false, Duration.ZERO, bytesPerSecond));
  }

  synchronized void restore() {
    if (state.lossy()) {
      Set.copyOf(open).forEach(this::close); // their streams have gaps
    }
    become(State.WHOLE);
  }

  private synchronized void become(State next) {
    state = next;
    notifyAll();
  }

  synchronized State state() {
    return state;
  }

  /** Waits while bytes are held back. */
  synchronized void awaitFlow() throws InterruptedException {
    while (state.stalled()) {
      wait();
    }
  }

  @Override
  public void close() {
    cut();
    restore();
    try {
      server.close();
    } catch (IOException e) {
      // The server accepts no more connections in any case.
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        if (!keep(client)) {
          continue;
        }
        try {
          Socket broker = new Socket(InetAddress.getLoopbackAddress(), brokerPort);
          client.setTcpNoDelay(true);
          broker.setTcpNoDelay(true);
          if (keep(broker)) {
            new Flow(this, client, broker).start();
            new Flow(this, broker, client).start();
          }
        } catch (IOException e) {
          close(client); // the broker is unreachable
        }
      } catch (IOException e) {
        // The server socket was closed.
      }
    }
  }

  private synchronized boolean keep(Socket socket) {
    if (state.broken()) {
      close(socket);
      return false;
    }
    open.add(socket);
    return true;
  }

  synchronized void close(Socket socket) {
    open.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      // The socket is closed in any case.
    }
  }
}
