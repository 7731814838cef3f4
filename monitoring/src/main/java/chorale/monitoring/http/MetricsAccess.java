package chorale.monitoring.http;

import chorale.protocol.Bytes;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The access rules for metrics: clients with the token, and local programs. Requests through a
 * local proxy, or from a web page whose host name points to this machine (DNS rebinding), do not
 * count as local. Immutable.
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
   * @throws Refusal if this client may not read metrics
   */
  public void check(HttpExchange exchange) throws Refusal {
    if (!hasToken(exchange.getRequestHeaders()) && !isLocal(exchange)) {
      throw new Refusal(
          403, "metrics need a request from this machine, or the token in metrics.token-file");
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
