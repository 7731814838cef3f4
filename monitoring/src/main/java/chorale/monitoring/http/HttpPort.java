package chorale.monitoring.http;

import chorale.config.BrokerSettings.ListenerTls;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * An HTTP or HTTPS server over the JDK's own, with one handler for all paths. It accepts at most
 * {@link #MAX_CONNECTIONS} connections, and a request must arrive within {@value
 * #MAX_REQUEST_SECONDS} s. The JDK's server reads a request on the thread that handles it; with one
 * thread for each connection, slow clients do not block others. Thread-safe.
 */
public final class HttpPort implements AutoCloseable {
  /** The limit for all ports of this process together. */
  public static final int MAX_CONNECTIONS = 256;

  private static final int MAX_REQUEST_SECONDS = 20;
  private static final System.Logger LOG = System.getLogger(HttpPort.class.getName());

  static {
    // The JDK's server reads these system properties only once.
    limit("jdk.httpserver.maxConnections", String.valueOf(MAX_CONNECTIONS));
    limit("sun.net.httpserver.maxReqTime", String.valueOf(MAX_REQUEST_SECONDS));
    limit("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer server;
  private final Listen listen;

  /**
   * The address to listen on.
   *
   * @param section of the settings, for messages
   * @param port 0 selects a free port
   */
  public record Listen(String section, String bind, int port, Optional<ListenerTls> tls) {}

  /** A handler of requests. */
  @FunctionalInterface
  public interface Handler {
    /**
     * @return whether the exchange continues after the call; otherwise it is closed
     */
    boolean serve(HttpExchange exchange) throws IOException, Refusal, InterruptedException;
  }

  private HttpPort(HttpServer server, Listen listen) {
    this.server = server;
    this.listen = listen;
  }

  private static void limit(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /**
   * Opens the port and starts to listen.
   *
   * @param threads one for each connection with a request in progress, up to {@link
   *     #MAX_CONNECTIONS}
   * @throws IOException if it cannot listen; names the key and what is allowed
   * @throws IllegalArgumentException if a TLS file cannot be used
   */
  public static HttpPort open(Listen listen, Executor threads, Handler handler) throws IOException {
    HttpServer server = create(listen);
    server.setExecutor(threads);
    server.createContext("/", exchange -> serve(exchange, handler));
    server.start();
    return new HttpPort(server, listen);
  }

  private static HttpServer create(Listen listen) throws IOException {
    try {
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.getByName(listen.bind()), listen.port());
      if (listen.tls().isEmpty()) {
        return HttpServer.create(address, 0);
      }
      HttpsServer https = HttpsServer.create(address, 0);
      https.setHttpsConfigurator(
          new HttpsConfigurator(ServerTls.context(listen.section(), listen.tls().get())));
      return https;
    } catch (IOException e) {
      throw new IOException(
          "%s.port: cannot listen on %s:%d (%s); allowed: a free port, or 0 to select one"
              .formatted(listen.section(), listen.bind(), listen.port(), e.getMessage()),
          e);
    }
  }

  private static void serve(HttpExchange exchange, Handler handler) {
    boolean lasts = false;
    try {
      lasts = handler.serve(exchange);
    } catch (Refusal e) {
      refuse(exchange, e);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "a client disconnected: {0}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a bug in the handler of " + exchange.getRequestURI().getPath(), e);
    } finally {
      if (!lasts) {
        exchange.close();
      }
    }
  }

  private static void refuse(HttpExchange exchange, Refusal refusal) {
    try {
      Responses.text(exchange, refusal.status(), refusal.getMessage());
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "a client disconnected: {0}", e.toString());
    }
  }

  public URI address() {
    String bind = listen.bind();
    String host = bind.indexOf(':') >= 0 ? '[' + bind + ']' : bind;
    String scheme = listen.tls().isPresent() ? "https" : "http";
    return URI.create(scheme + "://" + host + ':' + server.getAddress().getPort() + '/');
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
