package chorale.protocol.bus;

import java.net.IDN;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of an MQTT broker: host, port and TLS. Immutable.
 *
 * <p>It has its own parser because {@link URI} finds no host in {@code mqtt://my_broker:1883}, and
 * names with an underscore are usual in Docker.
 *
 * @param tls whether the connection uses TLS ({@code mqtts})
 * @param host a name, an IPv4 address, or an IPv6 address without brackets
 * @param port 1 to 65535
 */
public record BrokerAddress(boolean tls, String host, int port) {
  public static final String ALLOWED = "mqtt://host:port or mqtts://host:port";

  private static final int PLAIN_PORT = 1883;
  private static final int TLS_PORT = 8883;
  private static final int MAX_PORT = 65_535;

  private static final Pattern FORM = Pattern.compile("([^:/?#]+)://([^/?#]*)(.*)", Pattern.DOTALL);
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,253}");
  private static final Pattern IPV6 =
      Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(%[A-Za-z0-9._-]+)?");

  public BrokerAddress {
    if (host.isEmpty() || port < 1 || port > MAX_PORT) {
      throw new IllegalArgumentException(
          "host '%s', port %d (allowed: a host, and a port from 1 to %d)"
              .formatted(host, port, MAX_PORT));
    }
  }

  /** A parsed text: an address with an optional user and password. */
  public record Parsed(BrokerAddress address, Optional<String> user, Optional<String> password) {
    @Override
    public String toString() {
      return address.toString();
    }
  }

  /**
   * Parses {@code mqtt://user:password@host:port/}; only scheme and host are required.
   *
   * @throws IllegalArgumentException says what is wrong and what is allowed; does not contain the
   *     text, which may hold a password
   */
  public static Parsed parse(String text) {
    Matcher form = FORM.matcher(text.strip());
    if (!form.matches()) {
      throw refused("the scheme is missing");
    }
    boolean tls = isTls(form.group(1).toLowerCase(Locale.ROOT));
    if (!form.group(3).isEmpty() && !form.group(3).equals("/")) {
      throw refused("nothing may follow the port");
    }
    String authority = form.group(2);
    int at = authority.lastIndexOf('@');
    BrokerAddress address = address(tls, authority.substring(at + 1));
    if (at < 0) {
      return new Parsed(address, Optional.empty(), Optional.empty());
    }
    String login = authority.substring(0, at);
    int colon = login.indexOf(':');
    String user = decoded(colon < 0 ? login : login.substring(0, colon));
    if (user.isEmpty()) {
      throw refused("the user before '@' is empty");
    }
    Optional<String> password =
        colon < 0 ? Optional.empty() : Optional.of(decoded(login.substring(colon + 1)));
    return new Parsed(address, Optional.of(user), password);
  }

  private static boolean isTls(String scheme) {
    return switch (scheme) {
      case "mqtt" -> false;
      case "mqtts" -> true;
      case "tcp" -> throw refused("write mqtt:// instead of tcp://");
      case "ssl", "tls" -> throw refused("write mqtts:// instead of " + scheme + "://");
      case "ws", "wss" ->
          throw refused(
              "WebSocket is for browsers; give the port of MQTT over TCP, 1883 on most brokers");
      default -> throw refused("the scheme is unknown");
    };
  }

  private static BrokerAddress address(boolean tls, String hostAndPort) {
    String host;
    String port;
    if (hostAndPort.startsWith("[")) {
      int end = hostAndPort.indexOf(']');
      host = end < 0 ? "" : hostAndPort.substring(1, end).replace("%25", "%");
      port = end < 0 ? "" : hostAndPort.substring(end + 1);
      if (!IPV6.matcher(host).matches() || !(port.isEmpty() || port.startsWith(":"))) {
        throw refused("write the IPv6 address as in mqtt://[::1]:1883");
      }
    } else {
      int colon = hostAndPort.indexOf(':');
      if (colon >= 0 && hostAndPort.indexOf(':', colon + 1) >= 0) {
        throw refused("write an IPv6 address in brackets, as in mqtt://[::1]:1883");
      }
      host = name(colon < 0 ? hostAndPort : hostAndPort.substring(0, colon));
      port = colon < 0 ? "" : hostAndPort.substring(colon);
    }
    return new BrokerAddress(
        tls, host, port.length() > 1 ? port(port.substring(1)) : defaultPort(tls));
  }

  private static String name(String text) {
    String ascii;
    try {
      ascii = IDN.toASCII(text);
    } catch (IllegalArgumentException e) {
      throw refused("the host is not a valid name");
    }
    if (!NAME.matcher(ascii).matches()) {
      throw refused(text.isEmpty() ? "the host is missing" : "the host is not a valid name");
    }
    return ascii;
  }

  private static int port(String digits) {
    int port = digits.matches("\\d{1,5}") ? Integer.parseInt(digits) : 0;
    if (port < 1 || port > MAX_PORT) {
      throw refused("the port is a number from 1 to 65535");
    }
    return port;
  }

  private static int defaultPort(boolean tls) {
    return tls ? TLS_PORT : PLAIN_PORT;
  }

  /** Decodes {@code %40} and similar. A plus sign is not a space, unlike in HTML forms. */
  private static String decoded(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    byte[] in = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer out = ByteBuffer.allocate(in.length);
    for (int i = 0; i < in.length; i++) {
      if (in[i] == '%') {
        int value =
            i + 2 < in.length
                ? 16 * Character.digit(in[i + 1], 16) + Character.digit(in[i + 2], 16)
                : -1;
        if (value < 0 || Character.digit(in[i + 2], 16) < 0) {
          throw refused("in user and password, write %25 for a percent sign");
        }
        out.put((byte) value);
        i += 2;
      } else {
        out.put(in[i]);
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(out.flip()).toString();
    } catch (CharacterCodingException e) {
      throw refused("user and password must be UTF-8");
    }
  }

  private static IllegalArgumentException refused(String why) {
    return new IllegalArgumentException(ALLOWED + " (" + why + ")");
  }

  /**
   * Returns the address with a login, as {@link #parse} reads it. It is a secret: do not log it.
   */
  public String withLogin(String user, String password) {
    String[] part = toString().split("//", 2);
    return part[0] + "//" + encoded(user) + ':' + encoded(password) + '@' + part[1];
  }

  private static String encoded(String text) {
    StringBuilder encoded = new StringBuilder();
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      boolean isPlain = each > 0 && Character.isLetterOrDigit(each);
      encoded.append(isPlain ? String.valueOf((char) each) : "%%%02X".formatted(each));
    }
    return encoded.toString();
  }

  /** Returns the address for libraries that accept only URIs. */
  public URI uri() {
    return URI.create(toString());
  }

  /** Returns {@code mqtt://host:port}, without user and password. */
  @Override
  public String toString() {
    String shown = host.indexOf(':') >= 0 ? '[' + host.replace("%", "%25") + ']' : host;
    return (tls ? "mqtts://" : "mqtt://") + shown + ':' + port;
  }
}
