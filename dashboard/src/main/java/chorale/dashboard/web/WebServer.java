package chorale.dashboard.web;

import chorale.config.DashboardSettings;
import chorale.dashboard.Dashboard;
import chorale.dashboard.SiteSnapshot;
import chorale.monitoring.http.HttpPort;
import chorale.monitoring.http.MetricsAccess;
import chorale.monitoring.http.Refusal;
import chorale.monitoring.http.Responses;
import chorale.protocol.Bytes;
import chorale.protocol.Limits;
import chorale.protocol.Names;
import chorale.protocol.Ticker;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/**
 * The web server of the page, on the JDK's HTTP server. Paths are matched from their end, so a
 * proxy may add or remove a prefix. Requests run on a given executor; each event stream occupies a
 * thread of another, bounded executor.
 */
public final class WebServer implements AutoCloseable {
  private static final long TRY_SECONDS = 8;

  private final Dashboard dashboard;
  private final EventStreams streams;
  private final PageFiles files = new PageFiles();
  private final Guard guard;
  private final Logins logins;
  private final MetricsAccess metrics;
  private final HttpPort port;

  /**
   * The dependencies of the server.
   *
   * @param requests runs requests, at most {@link HttpPort#MAX_CONNECTIONS} at a time
   * @param streams runs event streams, at most {@link Dashboard#MAX_TABS} at a time
   */
  public record Dependencies(
      Executor requests,
      Executor streams,
      Ticker ticker,
      RandomGenerator random,
      MetricsAccess metrics) {}

  private WebServer(
      DashboardSettings settings, String site, Dashboard dashboard, Dependencies given)
      throws IOException {
    this.dashboard = dashboard;
    this.guard = new Guard(settings.hosts(), settings.usersFile().isPresent());
    this.logins =
        new Logins(
            settings
                .usersFile()
                .map(file -> new Sessions(file, site, given.ticker(), given.random())),
            settings.tls().isPresent());
    this.streams = new EventStreams(dashboard, logins, given.streams());
    this.metrics = given.metrics();
    this.port =
        HttpPort.open(
            new HttpPort.Listen("dashboard", settings.bind(), settings.port(), settings.tls()),
            given.requests(),
            this::serve);
  }

  /**
   * Starts listening.
   *
   * @throws IOException if it cannot listen; the message names the key and what is allowed
   * @throws IllegalArgumentException if a TLS file is unusable
   */
  public static WebServer start(
      DashboardSettings settings, String site, Dashboard dashboard, Dependencies given)
      throws IOException {
    return new WebServer(settings, site, dashboard, given);
  }

  public URI address() {
    return port.address();
  }

  private boolean serve(HttpExchange exchange) throws IOException, Refusal, InterruptedException {
    Guard.HEADERS.forEach(exchange.getResponseHeaders()::set);
    guard.check(exchange);
    return route(exchange);
  }

  /** Handles a request; returns whether the exchange stays open. */
  private boolean route(HttpExchange exchange) throws IOException, Refusal, InterruptedException {
    String path = exchange.getRequestURI().getPath();
    int slash = path.lastIndexOf('/');
    String name = path.substring(slash + 1);
    String folder = path.substring(path.lastIndexOf('/', slash - 1) + 1, Math.max(0, slash));
    if (exchange.getRequestMethod().equals("POST")) {
      post(exchange, name);
      return false;
    }
    requireMethod(exchange);
    if (folder.equals("picture")) {
      picture(exchange, name);
      return false;
    }
    switch (name) {
      case "events" -> {
        streams.open(exchange, logins.viewer(exchange));
        return true;
      }
      case "session" -> Responses.text(exchange, 200, session(logins.viewer(exchange)));
      case "livez" -> {
        snapshot();
        Responses.text(exchange, 200, "ok");
      }
      case "metrics" -> {
        metrics.check(exchange);
        Responses.metrics(exchange, dashboard.metrics(snapshot()));
      }
      case "readyz" -> {
        boolean ready = dashboard.isConnected();
        Responses.text(exchange, ready ? 200 : 503, ready ? "ok" : "not connected to the broker");
      }
      default -> {
        Optional<PageFiles.PageFile> file = files.find(name.isEmpty() ? PageFiles.INDEX : name);
        if (file.isEmpty()) {
          throw new Refusal(404, "no such page");
        }
        PageFiles.send(exchange, file.get());
      }
    }
    return false;
  }

  private SiteSnapshot snapshot() throws Refusal, InterruptedException {
    try {
      return dashboard.snapshot();
    } catch (TimeoutException e) {
      throw new Refusal(503, "the dashboard does not respond");
    }
  }

  private static void requireMethod(HttpExchange exchange) throws Refusal {
    String method = exchange.getRequestMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      throw Refusal.method(method, "GET, HEAD, POST");
    }
  }

  private void post(HttpExchange exchange, String name)
      throws IOException, Refusal, InterruptedException {
    switch (name) {
      case "try" -> {
        logins.viewer(exchange);
        tryPicture(exchange);
      }
      case "login" -> logins.login(exchange);
      case "logout" -> logins.logout(exchange);
      default -> throw Refusal.method("POST", "GET, HEAD");
    }
  }

  /** Returns the kind of session; viewers that must log in get status 401 instead. */
  private static String session(Viewer viewer) {
    return viewer.token().isPresent() ? "user" : "anybody";
  }

  private void picture(HttpExchange exchange, String camera) throws IOException, Refusal {
    if (!logins.viewer(exchange).pictures()) {
      throw new Refusal(
          403, "only operators, and dashboard users with --frames, may see camera images");
    }
    Optional<Bytes> picture =
        Names.isValid(camera) ? dashboard.pictures().find(camera) : Optional.empty();
    if (picture.isEmpty()) {
      throw new Refusal(404, "no image of this camera");
    }
    exchange.getResponseHeaders().set("Content-Type", "image/jpeg");
    exchange.getResponseHeaders().set("Cache-Control", "private, max-age=60");
    Responses.body(exchange, 200, picture.get());
  }

  private void tryPicture(HttpExchange exchange) throws IOException, Refusal, InterruptedException {
    Bytes image = Responses.read(exchange, Limits.MAX_IMAGE_BYTES);
    if (image.isEmpty()) {
      throw new Refusal(400, "the request is empty; send a JPEG or PNG");
    }
    if (!dashboard.isConnected()) {
      throw new Refusal(503, "not connected to the broker; try again in a moment");
    }
    CompletableFuture<Bytes> answer =
        dashboard
            .tryPicture(image)
            .orElseThrow(() -> new Refusal(429, "too many images at once; try again in a moment"));
    try {
      Responses.json(exchange, answer.get(TRY_SECONDS, TimeUnit.SECONDS));
    } catch (TimeoutException e) {
      throw new Refusal(
          504,
          "no answer within " + TRY_SECONDS + " s; check that an aggregator runs (chorale status)");
    } catch (ExecutionException e) {
      throw new Refusal(502, "the broker rejected the image: " + e.getCause().getMessage());
    } finally {
      answer.cancel(true);
    }
  }

  @Override
  public void close() {
    port.close();
  }
}
