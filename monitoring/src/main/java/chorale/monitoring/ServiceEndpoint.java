package chorale.monitoring;

import chorale.config.MetricsSettings;
import chorale.monitoring.http.HttpPort;
import chorale.monitoring.http.MetricsAccess;
import chorale.monitoring.http.Refusal;
import chorale.monitoring.http.Responses;
import chorale.protocol.Bytes;
import chorale.protocol.Health;
import chorale.protocol.PrintableText;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;

/**
 * The HTTP endpoint of one service: {@code /metrics} for Prometheus, {@code /livez} and {@code
 * /readyz} for probes. Thread-safe.
 */
public final class ServiceEndpoint implements AutoCloseable {
  private static final int MAX_SHOWN = 64;

  private final Subject subject;
  private final Source source;
  private final MetricsAccess access;
  private final HttpPort port;

  /**
   * The identity of the service.
   *
   * @param site empty for the broker, which serves all sites
   * @param role worker, aggregator or broker
   * @param name empty if a site has only one service of the role
   */
  public record Subject(String site, String role, String name) {}

  /** The state of the service. Called by any thread. */
  public interface Source {
    /**
     * @throws TimeoutException if the service's thread hangs
     */
    Health health() throws TimeoutException, InterruptedException;

    /** Returns whether it is connected to the broker and works. */
    boolean isReady();
  }

  private ServiceEndpoint(
      MetricsSettings settings, int port, Executor threads, Subject subject, Source source)
      throws IOException {
    this.subject = subject;
    this.source = source;
    this.access = new MetricsAccess(settings.token());
    this.port =
        HttpPort.open(
            new HttpPort.Listen("metrics", settings.bind(), port, settings.tls()),
            threads,
            this::serve);
  }

  /**
   * Opens the port and starts to listen.
   *
   * @param threads as for {@link HttpPort#open}
   * @throws IOException if it cannot listen; names the key and what is allowed
   * @throws IllegalArgumentException if a TLS file cannot be used
   */
  public static ServiceEndpoint open(
      MetricsSettings settings, int port, Executor threads, Subject subject, Source source)
      throws IOException {
    return new ServiceEndpoint(settings, port, threads, subject, source);
  }

  public URI address() {
    return port.address();
  }

  private boolean serve(HttpExchange exchange) throws IOException, Refusal, InterruptedException {
    String method = exchange.getRequestMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      throw Refusal.method(method, "GET, HEAD");
    }
    String path = exchange.getRequestURI().getPath();
    switch (path) {
      case "/metrics" -> {
        access.check(exchange);
        Responses.metrics(exchange, metrics());
      }
      case "/livez" -> {
        health();
        Responses.text(exchange, 200, "ok");
      }
      case "/readyz" -> {
        if (!source.isReady()) {
          throw new Refusal(503, "not connected to the broker");
        }
        Responses.text(exchange, 200, "ok");
      }
      default ->
          throw new Refusal(
              404,
              "unknown path '"
                  + PrintableText.ascii(path, MAX_SHOWN)
                  + "'; allowed: /metrics, /livez, /readyz");
    }
    return false;
  }

  private Health health() throws Refusal, InterruptedException {
    try {
      return source.health();
    } catch (TimeoutException e) {
      throw new Refusal(503, "the service's thread hangs");
    }
  }

  private Bytes metrics() throws Refusal, InterruptedException {
    Health health = health();
    Scrape scrape = new Scrape(subject.site());
    scrape.up(subject.role(), subject.name(), source.isReady());
    scrape.service(subject.role(), subject.name(), health.uptimeSeconds(), health.counters());
    return Bytes.utf8(scrape.text());
  }

  @Override
  public void close() {
    port.close();
  }
}
