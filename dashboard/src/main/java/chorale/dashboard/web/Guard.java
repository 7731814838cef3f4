package chorale.dashboard.web;

import chorale.monitoring.http.Refusal;
import chorale.protocol.PrintableText;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A security filter for every request, applied before its content is read.
 *
 * <ul>
 *   <li>{@code Host} must be an address, localhost, or configured. This prevents DNS rebinding,
 *       where a foreign page's name resolves to this machine.
 *   <li>{@code Origin} of a POST must be this page, so that other pages cannot post for a viewer.
 *   <li>With users, requests that reached a proxy without TLS are rejected.
 * </ul>
 *
 * Immutable.
 */
final class Guard {
  private static final String ALLOWED =
      " (allowed: localhost, an IP address, and the names in dashboard.hosts)";

  private static final int MAX_SHOWN = 64;

  private static final Pattern ADDRESS =
      Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.]+]");

  /** Headers of every response; scripts and styles load only from this server. */
  static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:;"
              + " connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none';"
              + " form-action 'none'; frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "X-Frame-Options",
          "DENY",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Opener-Policy",
          "same-origin",
          "Cross-Origin-Resource-Policy",
          "same-origin");

  private final List<String> hosts;
  private final boolean users;

  /**
   * @param hosts allowed in addition to addresses and localhost
   * @param users whether viewers log in
   */
  Guard(List<String> hosts, boolean users) {
    this.hosts = List.copyOf(hosts);
    this.users = users;
  }

  void check(HttpExchange exchange) throws Refusal {
    Headers headers = exchange.getRequestHeaders();
    String host = headers.getFirst("Host");
    if (host == null) {
      throw new Refusal(421, "no host name" + ALLOWED);
    }
    if (!isAllowed(host(host))) {
      throw new Refusal(
          421,
          "unknown host name '"
              + PrintableText.ascii(host(host), MAX_SHOWN)
              + "'"
              + ALLOWED
              + "; add it to dashboard.hosts");
    }
    String protocol = headers.getFirst("X-Forwarded-Proto");
    if (users && protocol != null && !protocol.equalsIgnoreCase("https")) {
      throw new Refusal(403, "this page is served over https only");
    }
    if (exchange.getRequestMethod().equals("POST")) {
      checkOrigin(headers, host);
    }
  }

  private void checkOrigin(Headers headers, String host) throws Refusal {
    String site = headers.getFirst("Sec-Fetch-Site");
    Optional<String> origin =
        Optional.ofNullable(headers.getFirst("Origin")).flatMap(Guard::authority);
    boolean same =
        origin.isPresent()
            && (origin.get().equalsIgnoreCase(host) || hosts.contains(host(origin.get())));
    if (!same || (site != null && !site.equals("same-origin"))) {
      throw new Refusal(403, "cross-origin request (allowed: requests from this page)");
    }
  }

  private static Optional<String> authority(String origin) {
    try {
      return Optional.ofNullable(URI.create(origin).getRawAuthority());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private boolean isAllowed(String host) {
    return host.equals("localhost")
        || host.endsWith(".localhost")
        || ADDRESS.matcher(host).matches()
        || hosts.contains(host);
  }

  /** Returns the host in lower case, without the port. */
  private static String host(String authority) {
    return authority.replaceFirst(":\\d*$", "").toLowerCase(Locale.ROOT);
  }
}
