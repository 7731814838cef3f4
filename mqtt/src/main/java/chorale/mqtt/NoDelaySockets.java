package chorale.mqtt;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Optional;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocketFactory;

/**
 * The sockets of one connection: with TCP_NODELAY, and kept, so that one can be closed under a
 * client that hangs. Paho never sets the option: with Nagle's algorithm an at-least-once request
 * and its reply took 88 ms instead of 0.3. Paho asks for unconnected sockets only. Safe for several
 * threads.
 */
final class NoDelaySockets {
  private final Optional<SSLSocketFactory> tls;

  private Socket made;
  private boolean closed;

  /**
   * @param tls makes the sockets where the broker is reached by TLS
   */
  NoDelaySockets(Optional<SSLSocketFactory> tls) {
    this.tls = tls;
  }

  /** The type that Paho insists on: an SSL factory for {@code ssl://}, none for {@code tcp://}. */
  SocketFactory forPaho() {
    return tls.isPresent() ? new Secure(tls.get()) : new Plain();
  }

  /** Closes the socket made here, if any, and any that is made later. */
  synchronized void close() {
    closed = true;
    if (made != null) {
      try {
        made.close();
      } catch (IOException e) {
        // It is given up either way.
      }
    }
  }

  synchronized boolean isNoDelay() throws IOException {
    return made != null && made.getTcpNoDelay();
  }

  private synchronized Socket make() throws IOException {
    if (closed) {
      throw new IOException("given up");
    }
    made = tls.isPresent() ? tls.get().createSocket() : new BufferedSocket();
    made.setTcpNoDelay(true);
    return made;
  }

  private static IOException connectedSocket() {
    return new IOException("only unconnected sockets are made here");
  }

  private final class Plain extends SocketFactory {
    @Override
    public Socket createSocket() throws IOException {
      return make();
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
      throw connectedSocket();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort)
        throws IOException {
      throw connectedSocket();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
      throw connectedSocket();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
        throws IOException {
      throw connectedSocket();
    }
  }

  private final class Secure extends SSLSocketFactory {
    private final SSLSocketFactory tls;

    private Secure(SSLSocketFactory tls) {
      this.tls = tls;
    }

    @Override
    public Socket createSocket() throws IOException {
      return make();
    }

    @Override
    public String[] getDefaultCipherSuites() {
      return tls.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
      return tls.getSupportedCipherSuites();
    }

    @Override
    public Socket createSocket(Socket under, String host, int port, boolean autoClose)
        throws IOException {
      throw connectedSocket();
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
      throw connectedSocket();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort)
        throws IOException {
      throw connectedSocket();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
      throw connectedSocket();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
        throws IOException {
      throw connectedSocket();
    }
  }
}
