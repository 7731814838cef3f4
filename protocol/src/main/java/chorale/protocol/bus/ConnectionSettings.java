package chorale.protocol.bus;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The settings of a connection to a broker. Immutable.
 *
 * @param inFlight maximum number of at-least-once messages that are sent but not acknowledged
 * @param outbox maximum number of messages that wait to be sent
 */
public record ConnectionSettings(
    BrokerAddress broker,
    Optional<Credentials> credentials,
    Optional<Tls> tls,
    Timing timing,
    int inFlight,
    int outbox) {

  /** A user and a password, which {@link #toString} hides. */
  public record Credentials(String user, String password) {
    @Override
    public String toString() {
      return user + ":***";
    }
  }

  /**
   * The TLS settings for {@code mqtts}: authentication of the broker and of the client.
   *
   * @param certificateAuthority PEM file of the authority that signed the broker's certificate; if
   *     absent, the platform's authorities
   * @param certificate PEM file of the client's certificate; requires its key
   * @param key PEM file of the client's private key (PKCS#8)
   */
  public record Tls(
      Optional<Path> certificateAuthority, Optional<Path> certificate, Optional<Path> key) {}

  /**
   * The time limits of a connection.
   *
   * @param connectTimeout maximum time until CONNACK
   * @param backoffMin first wait after a failure; doubled, with jitter, up to {@code backoffMax}
   */
  public record Timing(
      Duration connectTimeout, Duration keepAlive, Duration backoffMin, Duration backoffMax) {
    public static final Timing STANDARD =
        new Timing(
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofMillis(100),
            Duration.ofSeconds(10));
  }

  public static ConnectionSettings of(BrokerAddress broker) {
    return new ConnectionSettings(
        broker, Optional.empty(), Optional.empty(), Timing.STANDARD, 64, 1000);
  }

  /**
   * Creates settings from a URI with an optional user and password.
   *
   * @throws IllegalArgumentException says what is allowed
   */
  public static ConnectionSettings of(URI broker) {
    BrokerAddress.Parsed parsed = BrokerAddress.parse(broker.toString());
    Optional<Credentials> credentials =
        parsed.user().map(user -> new Credentials(user, parsed.password().orElse("")));
    return new ConnectionSettings(
        parsed.address(), credentials, Optional.empty(), Timing.STANDARD, 64, 1000);
  }
}
