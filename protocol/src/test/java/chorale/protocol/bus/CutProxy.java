package chorale.protocol.bus;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/**
 * A TCP proxy on loopback that can break connections silently, like a pulled cable. Thread-safe.
 */
public final class CutProxy implements AutoCloseable {
  private final ServerSocket server;
  private final InetSocketAddress target;

  // Guarded by this.
  private final List<Socket> open = new ArrayList<>();
  private boolean cut;

  public CutProxy(int targetPort) {
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    target = new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort);
    start(this::accept);
  }

  public int port() {
    return server.getLocalPort();
  }

  /** Closes all connections and refuses new ones until {@link #restore}. */
  public synchronized void cut() {
    cut = true;
    open.forEach(CutProxy::closeQuietly);
    open.clear();
  }

  public synchronized void restore() {
    cut = false;
  }

  @Override
  public void close() {
    cut();
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        Socket broker = new Socket();
        if (keep(client, broker)) {
          client.setTcpNoDelay(true);
          broker.setTcpNoDelay(true);
          broker.connect(target);
          start(() -> copy(client, broker));
          start(() -> copy(broker, client));
        }
      } catch (IOException e) {
        // Closed, or no broker: the client sees a broken connection.
      }
    }
  }

  private synchronized boolean keep(Socket client, Socket broker) {
    if (cut) {
      closeQuietly(client);
      return false;
    }
    open.add(client);
    open.add(broker);
    return true;
  }

  private static void copy(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[64 * 1024];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
      }
    } catch (IOException e) {
      // Cut.
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // The connection is broken anyway.
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "cut-proxy");
    thread.setDaemon(true);
    thread.start();
  }
}
