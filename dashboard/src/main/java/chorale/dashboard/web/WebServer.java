package chorale.dashboard.web;

import chorale.config.DashboardSettings;
import chorale.dashboard.Dashboard;
import chorale.protocol.Bytes;
import chorale.protocol.Limits;
import chorale.protocol.Names;
import chorale.protocol.Ticker;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/**
 * The web server of the page, over the JDK's own. Paths are looked at from their end, so that a
 * proxy may put a prefix before them or take it off. Its handlers run on the executor that it is
 * handed; each event stream takes a thread of another, bounded one.
 */
public final class WebServer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(WebServer.class.getName());
  private static final long TRY_SECONDS = 8;

  private final HttpServer server;
  private final boolean secure;
  private final String bind;
  private final Dashboard dashboard;
  private final EventStreams streams;
  private final PageFiles files = new PageFiles();
  private final Guard guard;
  private final Logins logins;

  /**
   * What the server is handed.
   *
   * @param requests runs a request each
   * @param streams runs an open page each, at most {@link Dashboard#MAX_TABS}
   */
  public record Dependencies(
      Executor requests, Executor streams, Ticker ticker, RandomGenerator random) {}

  private WebServer(
      HttpServer server,
      DashboardSettings settings,
      String site,
      Dashboard dashboard,
      Dependencies given) {
    this.server = server;
    this.secure = settings.tls().isPresent();
    this.bind = settings.bind();
    this.dashboard = dashboard;
    this.guard = new Guard(settings.hosts(), settings.usersFile().isPresent());
    this.logins =
        new Logins(
            settings
                .usersFile()
                .map(file -> new Sessions(file, site, given.ticker(), given.random())),
            secure);
    this.streams = new EventStreams(dashboard, logins, given.streams());
  }

  /**
   * Listens at once.
   *
   * @throws IOException the port is taken, for example
   * @throws IllegalArgumentException a TLS file cannot be used
   */
  public static WebServer start(
      DashboardSettings settings, String site, Dashboard dashboard, Dependencies given)
      throws IOException {
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getByName(settings.bind()), settings.port());
    HttpServer server;
    if (settings.tls().isPresent()) {
      HttpsServer https = HttpsServer.create(address, 0);
      https.setHttpsConfigurator(new HttpsConfigurator(ServerTls.context(settings.tls().get())));
      server = https;
    } else {
      server = HttpServer.create(address, 0);
    }
    WebServer web = new WebServer(server, settings, site, dashboard, given);
    server.setExecutor(given.requests());
    server.createContext("/", web::serve);
    server.start();
    return web;
  }

  public URI address() {
    String host = bind.indexOf(':') >= 0 ? '[' + bind + ']' : bind;
    String scheme = secure ? "https" : "http";
    return URI.create(scheme + "://" + host + ':' + server.getAddress().getPort() + '/');
  }

  private void serve(HttpExchange exchange) {
    boolean lasts = false;
    try {
      Guard.HEADERS.forEach(exchange.getResponseHeaders()::set);
      guard.check(exchange);
      lasts = route(exchange);
    } catch (Refusal e) {
      refuse(exchange, e);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "a client went away: {0}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a bug: " + exchange.getRequestURI().getPath(), e);
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
      LOG.log(Level.DEBUG, "a client went away: {0}", e.toString());
    }
  }

  /** Returns whether the exchange goes on after the request. */
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
      case "livez" -> Responses.text(exchange, 200, "ok");
      case "readyz" -> {
        boolean ready = dashboard.isConnected();
        Responses.text(exchange, ready ? 200 : 503, ready ? "ok" : "not connected to the broker");
      }
      default -> {
        Optional<PageFiles.PageFile> file = files.find(name.isEmpty() ? PageFiles.INDEX : name);
        if (file.isEmpty()) {
          throw new Refusal(404, "there is no such page");
        }
        Responses.file(exchange, file.get());
      }
    }
    return false;
  }

  private static void requireMethod(HttpExchange exchange) throws Refusal {
    String method = exchange.getRequestMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      throw new Refusal(405, "allowed: GET, HEAD, POST");
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
      default -> throw new Refusal(405, "allowed: GET");
    }
  }

  /** Whether there is a login; whoever is asked for one gets 401 instead. */
  private static String session(Viewer viewer) {
    return viewer.token().isPresent() ? "user" : "anybody";
  }

  private void picture(HttpExchange exchange, String camera) throws IOException, Refusal {
    if (!logins.viewer(exchange).pictures()) {
      throw new Refusal(403, "pictures are for operators, and for dashboards with frames");
    }
    Optional<Bytes> picture =
        Names.isValid(camera) ? dashboard.pictures().find(camera) : Optional.empty();
    if (picture.isEmpty()) {
      throw new Refusal(404, "there is no picture of that camera");
    }
    exchange.getResponseHeaders().set("Content-Type", "image/jpeg");
    exchange.getResponseHeaders().set("Cache-Control", "private, max-age=60");
    Responses.body(exchange, 200, picture.get());
  }

  private void tryPicture(HttpExchange exchange) throws IOException, Refusal, InterruptedException {
    Bytes image = Responses.read(exchange, Limits.MAX_IMAGE_BYTES);
    if (image.isEmpty()) {
      throw new Refusal(400, "no picture came; send a JPEG or PNG");
    }
    if (!dashboard.isConnected()) {
      throw new Refusal(503, "not connected to the broker; try again in a moment");
    }
    CompletableFuture<Bytes> answer =
        dashboard
            .tryPicture(image)
            .orElseThrow(
                () -> new Refusal(429, "too many pictures at once; try again in a moment"));
    try {
      Responses.json(exchange, answer.get(TRY_SECONDS, TimeUnit.SECONDS));
    } catch (TimeoutException e) {
      throw new Refusal(504, "no answer came: is an aggregator running?");
    } catch (ExecutionException e) {
      throw new Refusal(502, "the broker did not take the picture: " + e.getCause().getMessage());
    } finally {
      answer.cancel(true);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
