package chorale.dashboard.web;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The checks that every request passes before anything is read of it.
 *
 * <ul>
 *   <li>{@code Host} is an address, localhost, or configured: a foreign page whose name is made to
 *       resolve to this machine (DNS rebinding) is refused.
 *   <li>{@code Origin} of a POST is this page: other pages cannot post in a viewer's name.
 *   <li>With users, nothing is served that came to a proxy in clear.
 * </ul>
 *
 * Immutable.
 */
final class Guard {
  private static final Pattern ADDRESS =
      Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.]+]");

  /** On every response; scripts and styles come from files of ours alone. */
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
   * @param hosts that are allowed besides addresses and localhost
   * @param users whether people log in
   */
  Guard(List<String> hosts, boolean users) {
    this.hosts = List.copyOf(hosts);
    this.users = users;
  }

  void check(HttpExchange exchange) throws Refusal {
    Headers headers = exchange.getRequestHeaders();
    String host = headers.getFirst("Host");
    if (host == null || !isAllowed(host(host))) {
      throw new Refusal(
          421,
          "this page is not served under that host name; allowed: localhost, an address, and the"
              + " names in dashboard.hosts");
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
      throw new Refusal(403, "only this page itself may send that");
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

  /** Without the port, in lower case. */
  private static String host(String authority) {
    return authority.replaceFirst(":\\d*$", "").toLowerCase(Locale.ROOT);
  }
}
