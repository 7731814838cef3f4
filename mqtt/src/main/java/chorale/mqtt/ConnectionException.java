package chorale.mqtt;

import chorale.protocol.bus.ConnectionSettings;
import java.util.Set;

/** A connection was not made or did not hold; the text is for the user. */
final class ConnectionException extends Exception {
  /** What is to be done about it. */
  private enum Kind {
    /** Worth another attempt. */
    PASSING,
    /** The same, and nothing listens there. */
    NOTHING_LISTENS,
    /** Another attempt ends the same way unless somebody changes the broker's or our settings. */
    REFUSAL
  }

  /** The reasons in CONNACK that waiting alone does not mend. */
  private static final Set<Integer> FINAL_CONNACKS =
      Set.of(
          ReasonCodes.UNSUPPORTED_VERSION,
          ReasonCodes.CLIENT_ID_INVALID,
          ReasonCodes.BAD_CREDENTIALS,
          ReasonCodes.NOT_AUTHORIZED,
          ReasonCodes.BANNED,
          ReasonCodes.BAD_METHOD);

  /**
   * The same in SUBACK: not authorized, the filter, kinds of subscriptions that the broker lacks.
   */
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

  /** Worth another attempt. */
  static ConnectionException passing(String message) {
    return new ConnectionException(message, Kind.PASSING);
  }

  /** What a library says, for people. */
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
   * Another client connected with this id, or the broker took an attempt that we had given up for
   * one.
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

  /** The broker ends a connection that it had granted. */
  static ConnectionException ended(int code, String reason, String clientId) {
    return code == ReasonCodes.TAKEN_OVER
        ? takenOver(clientId)
        : new ConnectionException(
            "the broker ended the connection: " + described(code, reason),
            Kind.PASSING,
            ReasonCodes.blamesClient(code));
  }

  /** The broker refuses to connect us. */
  static ConnectionException refused(int code, String reason, ConnectionSettings settings) {
    boolean login = code == ReasonCodes.BAD_CREDENTIALS || code == ReasonCodes.NOT_AUTHORIZED;
    String whom =
        !login
            ? "us"
            : settings.credentials().map(c -> "user " + c.user()).orElse("us, without a user");
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

  /** Whether only a change of settings helps: a password, rights. */
  boolean isRefusal() {
    return kind == Kind.REFUSAL;
  }

  /** Whether the host is there and has no broker. */
  boolean isNothingListening() {
    return kind == Kind.NOTHING_LISTENS;
  }

  /** Whether the broker ended the connection for something that we sent. */
  boolean isBlamed() {
    return blamed;
  }
}
