package chorale.broker;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The web pages that may connect over WebSocket: pages from loopback hosts, configured origins and,
 * if clients log in, pages from the broker's own host. Without this check, any page in a browser
 * could connect to a broker on the browser's loopback address. Immutable.
 *
 * @param allowed origins such as {@code https://panel.example.org}; {@code *} for any
 * @param logins whether clients log in; if not, pages from the broker's own host are refused,
 *     because DNS rebinding can fake that host
 */
record Origins(List<String> allowed, boolean logins) {
  Origins {
    allowed = allowed.stream().map(Origins::plain).toList();
  }

  /**
   * @param origin the Origin header, which browsers always send and other programs do not
   * @param host the Host header
   */
  boolean allow(Optional<String> origin, Optional<String> host) {
    if (origin.isEmpty() || allowed.contains("*") || allowed.contains(plain(origin.get()))) {
      return true;
    }
    Optional<String> page = host(origin.get());
    return page.isPresent()
        && (isLoopback(page.get())
            || (logins && page.equals(host.flatMap(each -> host("http://" + each)))));
  }

  private static String plain(String origin) {
    String text = origin.strip().toLowerCase(Locale.ROOT);
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }

  private static Optional<String> host(String uri) {
    try {
      return Optional.ofNullable(new URI(plain(uri)).getHost());
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost")
        || host.endsWith(".localhost")
        || host.equals("[::1]")
        || host.matches("127(\\.\\d{1,3}){3}");
  }
}
