package chorale.mqtt;

import chorale.protocol.bus.BrokerAddress;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.paho.mqttv5.client.internal.NetworkModule;

/**
 * The socket of one connection, in place of Paho's own. It sets TCP_NODELAY (with Nagle's algorithm
 * an at-least-once request and its reply took 88 ms instead of 0.3 ms) and buffers both directions
 * (Paho reads and writes in small pieces). It accepts any host name (on Java 17, Paho rejects names
 * with an underscore) and can be closed while the client hangs. Thread-safe.
 */
final class BrokerSocket implements NetworkModule {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final BrokerAddress address;
  private final Optional<SSLSocketFactory> tls;
  private final int timeoutMillis;
  private final Function<InputStream, InputStream> filter;

  /**
   * Completed when Paho writes or has given up. Paho's connecting thread starts the receiver, the
   * sender and the callback one after the other and waits until each runs. If one has already
   * ended, it waits forever.
   */
  private final CompletableFuture<Void> started = new CompletableFuture<>();

  // Guarded by this: the TCP socket and the socket for data, which are the same without TLS.
  private Socket plain;
  private Socket socket;
  private boolean closed;

  /**
   * @param tls the socket factory for TLS; empty without TLS
   * @param filter wraps the broker's stream for Paho
   */
  BrokerSocket(
      BrokerAddress address,
      Optional<SSLSocketFactory> tls,
      Duration timeout,
      Function<InputStream, InputStream> filter) {
    this.address = address;
    this.tls = tls;
    this.timeoutMillis = (int) Math.max(1, Math.min(Integer.MAX_VALUE, timeout.toMillis()));
    this.filter = filter;
  }

  /** Connects to the addresses of the host in turn, then negotiates TLS. */
  @Override
  public void start() throws IOException {
    try {
      IOException failure = null;
      for (InetAddress each : InetAddress.getAllByName(address.host())) {
        try {
          connect(each);
          return;
        } catch (IOException e) {
          failure = failure == null ? e : failure;
        }
      }
      throw failure == null ? new IOException("no address") : failure;
    } catch (IOException | RuntimeException e) {
      started.complete(null);
      throw e;
    }
  }

  private void connect(InetAddress host) throws IOException {
    Socket made = new Socket();
    try {
      hold(made, made);
      made.setTcpNoDelay(true);
      made.connect(new InetSocketAddress(host, address.port()), timeoutMillis);
      if (tls.isPresent()) {
        hold(made, secured(made, tls.get()));
      }
    } catch (IOException | RuntimeException e) {
      made.close();
      throw e;
    }
  }

  /** Adds TLS to a connected socket; the certificate must match the host. */
  private Socket secured(Socket connected, SSLSocketFactory factory) throws IOException {
    connected.setSoTimeout(timeoutMillis);
    SSLSocket secured =
        (SSLSocket) factory.createSocket(connected, address.host(), address.port(), true);
    SSLParameters parameters = secured.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secured.setSSLParameters(parameters);
    secured.startHandshake();
    connected.setSoTimeout(0);
    return secured;
  }

  private synchronized void hold(Socket tcp, Socket used) throws IOException {
    if (closed) {
      throw new IOException("closed");
    }
    plain = tcp;
    socket = used;
  }

  @Override
  public synchronized InputStream getInputStream() throws IOException {
    return filter.apply(socket.getInputStream());
  }

  @Override
  public synchronized OutputStream getOutputStream() throws IOException {
    OutputStream out = new BufferedOutputStream(socket.getOutputStream(), BUFFER_BYTES);
    return new FilterOutputStream(out) {
      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        started.complete(null);
        out.write(bytes, offset, length);
      }
    };
  }

  /** Waits until Paho has started all its threads or has given up. */
  void awaitStarted() {
    try {
      started.get(timeoutMillis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      // Paho hangs elsewhere, which cannot be handled here.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Called by Paho when it is done. TLS then sends a closing alert, which can hang. */
  @Override
  public void stop() throws IOException {
    started.complete(null);
    Socket open;
    synchronized (this) {
      open = socket;
    }
    if (open != null) {
      open.close();
    }
  }

  /** Ends every call that waits for the network, now or later. */
  synchronized void close() {
    closed = true;
    if (plain != null) {
      try {
        plain.close();
      } catch (IOException e) {
        // It is closed anyway.
      }
    }
  }

  synchronized boolean isNoDelay() throws IOException {
    return plain != null && plain.getTcpNoDelay();
  }

  @Override
  public String getServerURI() {
    return address.toString();
  }
}
