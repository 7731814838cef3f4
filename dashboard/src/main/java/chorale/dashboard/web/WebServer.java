package chorale.dashboard.web;

import chorale.config.DashboardSettings;
import chorale.dashboard.Dashboard;
import chorale.dashboard.Tab;
import chorale.protocol.Bytes;
import chorale.protocol.Limits;
import chorale.protocol.Names;
import chorale.protocol.Ticker;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
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
  private static final String COOKIE = "chorale_session";
  private static final int MAX_FORM_BYTES = 4_096;
  private static final long TRY_SECONDS = 8;
  private static final long STREAM_TURN_MILLIS = 5_000;
  private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] RETRY = "retry: 1000\n\n".getBytes(StandardCharsets.US_ASCII);

  private final HttpServer server;
  private final boolean secure;
  private final String bind;
  private final Dashboard dashboard;
  private final Executor streams;
  private final PageFiles files = new PageFiles();
  private final Guard guard;
  private final Optional<Sessions> sessions;

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
    this.streams = given.streams();
    this.guard = new Guard(settings.hosts(), settings.usersFile().isPresent());
    this.sessions =
        settings.usersFile().map(file -> new Sessions(file, site, given.ticker(), given.random()));
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
        events(exchange, viewer(exchange));
        return true;
      }
      case "session" -> Responses.text(exchange, 200, session(viewer(exchange)));
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
        viewer(exchange);
        tryPicture(exchange);
      }
      case "login" -> login(exchange);
      case "logout" -> logout(exchange);
      default -> throw new Refusal(405, "allowed: GET");
    }
  }

  /** Whether there is a login; whoever is asked for one gets 401 instead. */
  private static String session(Viewer viewer) {
    return viewer.token().isPresent() ? "user" : "anybody";
  }

  private Viewer viewer(HttpExchange exchange) throws Refusal {
    if (sessions.isEmpty()) {
      return Viewer.ANYBODY;
    }
    Optional<String> token = cookie(exchange.getRequestHeaders());
    return token
        .flatMap(each -> sessions.get().find(each).map(user -> Viewer.of(each, user)))
        .orElseThrow(() -> new Refusal(401, "please log in"));
  }

  private static Optional<String> cookie(Headers headers) {
    for (String line : headers.getOrDefault("Cookie", List.of())) {
      for (String each : line.split(";", -1)) {
        String[] parts = each.strip().split("=", 2);
        if (parts.length == 2 && parts[0].equals(COOKIE)) {
          return Optional.of(parts[1]);
        }
      }
    }
    return Optional.empty();
  }

  private void login(HttpExchange exchange) throws IOException, Refusal {
    if (sessions.isEmpty()) {
      throw new Refusal(404, "there are no users");
    }
    Map<String, String> form = form(Responses.read(exchange, MAX_FORM_BYTES).utf8());
    Sessions.Login login =
        sessions
            .get()
            .login(
                form.getOrDefault("user", ""),
                form.getOrDefault("password", ""),
                exchange.getRemoteAddress().getAddress().getHostAddress());
    if (login.token().isEmpty()) {
      boolean wrong = login.refused().equals(Optional.of(Sessions.Refused.WRONG));
      throw wrong
          ? new Refusal(403, "user or password is wrong")
          : new Refusal(429, "too many wrong passwords; try again in a minute");
    }
    setCookie(exchange, login.token().get(), "");
    Responses.empty(exchange, 204);
  }

  private void logout(HttpExchange exchange) throws IOException {
    sessions.ifPresent(all -> cookie(exchange.getRequestHeaders()).ifPresent(all::logout));
    setCookie(exchange, "", "; Max-Age=0");
    Responses.empty(exchange, 204);
  }

  /** Without a path: it is that of the page, whatever prefix a proxy has. */
  private void setCookie(HttpExchange exchange, String token, String more) {
    boolean encrypted =
        secure
            || "https".equalsIgnoreCase(exchange.getRequestHeaders().getFirst("X-Forwarded-Proto"));
    exchange
        .getResponseHeaders()
        .set(
            "Set-Cookie",
            COOKIE
                + '='
                + token
                + "; HttpOnly; SameSite=Strict"
                + (encrypted ? "; Secure" : "")
                + more);
  }

  private static Map<String, String> form(String text) {
    Map<String, String> form = new HashMap<>();
    for (String each : text.split("&", -1)) {
      String[] parts = each.split("=", 2);
      if (parts.length == 2) {
        form.put(decoded(parts[0]), decoded(parts[1]));
      }
    }
    return form;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  private void picture(HttpExchange exchange, String camera) throws IOException, Refusal {
    if (!viewer(exchange).pictures()) {
      throw new Refusal(403, "pictures are for operators, and for dashboards with frames");
    }
    Optional<Bytes> picture =
        Names.isValid(camera) ? dashboard.pictures().find(camera) : Optional.empty();
    if (picture.isEmpty()) {
      throw new Refusal(404, "there is no picture of that camera");
    }
    exchange.getResponseHeaders().set("Content-Type", "image/jpeg");
    exchange.getResponseHeaders().set("Cache-Control", "private, max-age=3600");
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

  private void events(HttpExchange exchange, Viewer viewer) throws IOException, Refusal {
    Tab tab =
        dashboard
            .open(viewer.pictures())
            .orElseThrow(
                () ->
                    new Refusal(503, "the page is open " + Dashboard.MAX_TABS + " times already"));
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.getResponseHeaders().set("X-Accel-Buffering", "no");
    try {
      streams.execute(() -> stream(exchange, tab, viewer));
    } catch (RejectedExecutionException e) {
      tab.close();
      throw new Refusal(503, "the page is open too often");
    }
  }

  private void stream(HttpExchange exchange, Tab tab, Viewer viewer) {
    tab.onClose(Thread.currentThread()::interrupt); // it ends a write that blocks
    try {
      exchange.sendResponseHeaders(200, 0);
      OutputStream out = exchange.getResponseBody();
      out.write(RETRY);
      while (!tab.isClosed() && isStillAllowed(viewer)) {
        Optional<Bytes> event = tab.take(STREAM_TURN_MILLIS);
        if (event.isPresent()) {
          out.write(DATA);
          out.write(event.get().sharedArray());
          out.write(END);
          out.flush();
        }
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "a page was closed: {0}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      tab.close();
      exchange.close();
    }
  }

  private boolean isStillAllowed(Viewer viewer) {
    return viewer.token().isEmpty()
        || sessions.orElseThrow().find(viewer.token().get()).isPresent();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
