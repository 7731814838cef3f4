package chorale.monitoring.http;

import chorale.protocol.Bytes;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Who may read metrics: whoever sends the token, and programs on this machine without one. A proxy
 * on this machine serves others, and a web page can make its own name point here (DNS rebinding):
 * neither is taken for such a program. Immutable.
 */
public final class MetricsAccess {
  private static final String SCHEME = "Bearer ";
  private static final List<String> FORWARDED =
      List.of("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto");

  private final Optional<Bytes> token;

  public MetricsAccess(Optional<Bytes> token) {
    this.token = token;
  }

  /**
   * @throws Refusal the metrics are not for this client
   */
  public void check(HttpExchange exchange) throws Refusal {
    if (!hasToken(exchange.getRequestHeaders()) && !isLocal(exchange)) {
      throw new Refusal(
          403,
          "metrics are for this machine, and for whoever sends the token of metrics.token-file");
    }
  }

  private boolean hasToken(Headers headers) {
    String given = headers.getFirst("Authorization");
    return token.isPresent()
        && given != null
        && given.startsWith(SCHEME)
        && MessageDigest.isEqual(
            token.get().toArray(), Bytes.utf8(given.substring(SCHEME.length())).toArray());
  }

  private static boolean isLocal(HttpExchange exchange) {
    Headers headers = exchange.getRequestHeaders();
    String host = headers.getFirst("Host");
    return exchange.getRemoteAddress().getAddress().isLoopbackAddress()
        && FORWARDED.stream().noneMatch(headers::containsKey)
        && host != null
        && host.toLowerCase(Locale.ROOT)
            .matches("(localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d{1,5})?");
  }
}
