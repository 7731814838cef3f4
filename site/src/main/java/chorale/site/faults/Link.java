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
 * The way of one client to the broker: a TCP proxy on loopback that can be broken, stalled, slow or
 * lossy. Safe for several threads; its own end when it closes.
 */
final class Link implements AutoCloseable {
  private final ServerSocket server;
  private final int brokerPort;

  // Guarded by this.
  private final Set<Socket> open = new HashSet<>();
  private State state = State.WHOLE;

  /**
   * How bytes pass.
   *
   * @param broken every connection is closed
   * @param stalled bytes are held back
   * @param lossy bytes vanish
   * @param delay until a byte that came in goes out
   * @param bytesPerSecond at most, in each direction
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

  /** Where the client finds the broker. */
  URI uri() {
    return URI.create("mqtt://127.0.0.1:" + server.getLocalPort());
  }

  /** Closes every connection, and each new one, until restored. */
  synchronized void cut() {
    become(State.of(true, false, false));
    Set.copyOf(open).forEach(this::close);
  }

  /** Holds all bytes back, both ways, and closes nothing, until restored. */
  void stall() {
    become(State.of(false, true, false));
  }

  /** Swallows all bytes, both ways; connections end once it is restored. */
  void drop() {
    become(State.of(false, false, true));
  }

  /** Lets each byte arrive so much later, until restored. */
  void delay(Duration delay) {
    become(new State(false, false, false, delay, Integer.MAX_VALUE));
  }

  /** Lets so many bytes pass in a second, in each direction, until restored. */
  void trickle(int bytesPerSecond) {
    become(new State(false, false, false, Duration.ZERO, bytesPerSecond));
  }

  synchronized void restore() {
    if (state.lossy()) {
      Set.copyOf(open).forEach(this::close); // what they carry is torn
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
      // It accepts nothing either way.
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
          close(client); // the broker is not there
        }
      } catch (IOException e) {
        // Closed.
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
      // It is closed either way.
    }
  }
}
