package chorale.dashboard.web;

import chorale.monitoring.http.Refusal;
import chorale.monitoring.http.Responses;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The login: it finds the viewer of a request by its cookie, and opens and closes sessions.
 * Thread-safe.
 */
final class Logins {
  private static final String COOKIE = "chorale_session";
  private static final int MAX_FORM_BYTES = 4_096;

  private final Optional<Sessions> sessions;
  private final boolean secure;

  /**
   * @param sessions empty without users
   * @param secure whether the server uses TLS
   */
  Logins(Optional<Sessions> sessions, boolean secure) {
    this.sessions = sessions;
    this.secure = secure;
  }

  /**
   * Returns the viewer of a request.
   *
   * @throws Refusal if a login is required
   */
  Viewer viewer(HttpExchange exchange) throws Refusal {
    if (sessions.isEmpty()) {
      return Viewer.ANYBODY;
    }
    Optional<String> token = cookie(exchange.getRequestHeaders());
    return token
        .flatMap(each -> sessions.get().find(each).map(user -> Viewer.of(each, user)))
        .orElseThrow(() -> new Refusal(401, "please log in"));
  }

  /** Returns whether a viewer's session is still valid. */
  boolean isStillAllowed(Viewer viewer) {
    return viewer.token().isEmpty()
        || sessions.orElseThrow().find(viewer.token().get()).isPresent();
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

  void login(HttpExchange exchange) throws IOException, Refusal {
    if (sessions.isEmpty()) {
      throw new Refusal(404, "this dashboard has no users");
    }
    Map<String, String> form = form(Responses.read(exchange, MAX_FORM_BYTES).utf8());
    Sessions.Login login =
        sessions
            .get()
            .login(
                form.getOrDefault("user", ""),
                form.getOrDefault("password", ""),
                address(exchange));
    if (login.token().isEmpty()) {
      boolean wrong = login.refused().equals(Optional.of(Sessions.Refused.WRONG));
      throw wrong
          ? new Refusal(403, "wrong user or password")
          : new Refusal(429, "too many wrong passwords; try again in a minute");
    }
    setCookie(exchange, login.token().get(), "");
    Responses.empty(exchange, 204);
  }

  /** Returns the client's address; a proxy on this machine forwards it. */
  private static String address(HttpExchange exchange) {
    InetAddress remote = exchange.getRemoteAddress().getAddress();
    String forwarded = exchange.getRequestHeaders().getFirst("X-Forwarded-For");
    return remote.isLoopbackAddress() && forwarded != null
        ? forwarded.substring(forwarded.lastIndexOf(',') + 1).strip()
        : remote.getHostAddress();
  }

  void logout(HttpExchange exchange) throws IOException {
    sessions.ifPresent(all -> cookie(exchange.getRequestHeaders()).ifPresent(all::logout));
    setCookie(exchange, "", "; Max-Age=0");
    Responses.empty(exchange, 204);
  }

  /**
   * Sets the cookie without a path, so that it applies to the page's path below any proxy prefix.
   */
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
}
