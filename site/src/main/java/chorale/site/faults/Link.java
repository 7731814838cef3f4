package chorale.site.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.HashSet;
import java.util.Set;

/**
 * The way of one client to the broker, as a TCP proxy on loopback that can be broken or stalled.
 * Safe for several threads; its own end when it closes.
 */
final class Link implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final ServerSocket server;
  private final int brokerPort;

  // Guarded by this.
  private final Set<Socket> open = new HashSet<>();
  private boolean broken;
  private boolean stalled;

  Link(int brokerPort) throws IOException {
    this.brokerPort = brokerPort;
    this.server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  /** Where the client finds the broker. */
  URI uri() {
    return URI.create("mqtt://127.0.0.1:" + server.getLocalPort());
  }

  /** Closes every connection, and each new one, until restored. */
  synchronized void cut() {
    broken = true;
    Set.copyOf(open).forEach(this::close);
  }

  /** Holds all bytes back, both ways, and closes nothing, until restored. */
  synchronized void stall() {
    stalled = true;
  }

  synchronized void restore() {
    broken = false;
    stalled = false;
    notifyAll();
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
            start(() -> carry(client, broker));
            start(() -> carry(broker, client));
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
    if (broken) {
      close(socket);
      return false;
    }
    open.add(socket);
    return true;
  }

  private void carry(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        awaitFlow();
        out.write(buffer, 0, read);
      }
      awaitFlow(); // the end of a connection is held back too
    } catch (IOException e) {
      // Broken, here or at one of its ends.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      close(from);
      close(to);
    }
  }

  private synchronized void awaitFlow() throws InterruptedException {
    while (stalled && !broken) {
      wait();
    }
  }

  private synchronized void close(Socket socket) {
    open.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed either way.
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "link");
    thread.setDaemon(true);
    thread.start();
  }
}
