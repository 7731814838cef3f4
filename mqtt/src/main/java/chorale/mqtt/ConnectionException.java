package chorale.mqtt;

import chorale.protocol.bus.ConnectionSettings;
import java.util.Set;

/** A failed or lost connection; the message is for the user. */
final class ConnectionException extends Exception {
  /** How to react. */
  private enum Kind {
    /** Try again. */
    PASSING,
    /** Try again; nothing listens on the port. */
    NOTHING_LISTENS,
    /** Give up: an attempt fails again until the settings of broker or client change. */
    REFUSAL
  }

  /** CONNACK reason codes for which a retry alone does not help. */
  private static final Set<Integer> FINAL_CONNACKS =
      Set.of(
          ReasonCodes.UNSUPPORTED_VERSION,
          ReasonCodes.CLIENT_ID_INVALID,
          ReasonCodes.BAD_CREDENTIALS,
          ReasonCodes.NOT_AUTHORIZED,
          ReasonCodes.BANNED,
          ReasonCodes.BAD_METHOD);

  /** The same for SUBACK: not authorized, invalid filter, unsupported kinds of subscriptions. */
  private static final Set<Integer> FINAL_SUBACKS =
      Set.of(ReasonCodes.NOT_AUTHORIZED, 0x8F, 0x9E, 0xA1, 0xA2);

  private final Kind kind;
  private final boolean blamed;

  private ConnectionException(String message, Kind kind, boolean blamed) {
    super(message);
    this.kind = kind;
    this.blamed = blamed;
  }

  private ConnectionException(String message, Kind kind) {
    this(message, kind, false);
  }

  /** Returns a failure for which another attempt is useful. */
  static ConnectionException passing(String message) {
    return new ConnectionException(message, Kind.PASSING);
  }

  /** Converts a library's exception into a readable one. */
  static ConnectionException of(Throwable failure) {
    if (failure instanceof ConnectionException known) {
      return known;
    }
    Kind kind =
        FailureText.isDistrust(failure)
            ? Kind.REFUSAL
            : FailureText.isNothingListening(failure) ? Kind.NOTHING_LISTENS : Kind.PASSING;
    return new ConnectionException(FailureText.of(failure), kind);
  }

  /**
   * Another client connected with this id, or the broker accepted an attempt that this client had
   * already given up.
   */
  private static ConnectionException takenOver(String clientId) {
    String[] part = clientId.split("-", 3);
    String role = part.length == 3 ? part[1] : "process";
    return new ConnectionException(
        "client id "
            + clientId
            + " was taken over by another client; is a second "
            + role
            + " running under the same name?",
        Kind.REFUSAL);
  }

  /** The broker ends an established connection. */
  static ConnectionException ended(int code, String reason, String clientId) {
    return code == ReasonCodes.TAKEN_OVER
        ? takenOver(clientId)
        : new ConnectionException(
            "the broker ended the connection: " + described(code, reason),
            Kind.PASSING,
            ReasonCodes.blamesClient(code));
  }

  /** The broker refuses the connection. */
  static ConnectionException refused(int code, String reason, ConnectionSettings settings) {
    boolean login = code == ReasonCodes.BAD_CREDENTIALS || code == ReasonCodes.NOT_AUTHORIZED;
    String whom =
        !login
            ? "this client"
            : settings
                .credentials()
                .map(c -> "user " + c.user())
                .orElse("this client without a user");
    boolean isFinal = FINAL_CONNACKS.contains(code);
    return new ConnectionException(
        "the broker at "
            + settings.broker()
            + " refuses "
            + whom
            + (isFinal ? ": " : " for now: ")
            + described(code, reason),
        isFinal ? Kind.REFUSAL : Kind.PASSING);
  }

  static ConnectionException subscriptionRefused(
      String filter, int code, String reason, ConnectionSettings settings) {
    return refusedFor(
        "the subscription to " + filter, FINAL_SUBACKS.contains(code), code, reason, settings);
  }

  static ConnectionException messageRefused(
      String topic, int code, String reason, ConnectionSettings settings) {
    return refusedFor(
        "a message on " + topic, code == ReasonCodes.NOT_AUTHORIZED, code, reason, settings);
  }

  private static ConnectionException refusedFor(
      String what, boolean isFinal, int code, String reason, ConnectionSettings settings) {
    String user = settings.credentials().map(c -> " of user " + c.user()).orElse("");
    return new ConnectionException(
        "the broker refused " + what + user + ": " + described(code, reason),
        isFinal ? Kind.REFUSAL : Kind.PASSING);
  }

  private static String described(int code, String reason) {
    return ReasonCodes.describe(code) + (reason.isEmpty() ? "" : " (" + reason + ")");
  }

  /** Returns whether only a change of settings helps, such as a password or access rights. */
  boolean isRefusal() {
    return kind == Kind.REFUSAL;
  }

  /** Returns whether the host is reachable but nothing listens on the port. */
  boolean isNothingListening() {
    return kind == Kind.NOTHING_LISTENS;
  }

  /** Returns whether the broker ended the connection because of a packet from this client. */
  boolean isBlamed() {
    return blamed;
  }
}
