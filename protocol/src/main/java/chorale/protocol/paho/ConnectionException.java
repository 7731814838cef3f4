package chorale.protocol.paho;

import chorale.protocol.bus.ConnectionSettings;
import org.eclipse.paho.mqttv5.common.MqttException;

/** A connection was not made or did not hold; the text is for the user. */
final class ConnectionException extends Exception {
  private final boolean over;

  private ConnectionException(String message, boolean over) {
    super(message);
    this.over = over;
  }

  /** Worth another attempt. */
  static ConnectionException passing(String message) {
    return new ConnectionException(message, false);
  }

  /** Another attempt would end the same way, or harm another client. */
  private static ConnectionException over(String message) {
    return new ConnectionException(message, true);
  }

  /** Another client connected with this id; to come back would throw that one out in turn. */
  static ConnectionException takenOver(String clientId) {
    String[] part = clientId.split("-", 3);
    String role = part.length == 3 ? part[1] : "process";
    return over(
        "client id "
            + clientId
            + " was taken over by another client; is a second "
            + role
            + " running under the same name?");
  }

  /** What Paho says, for people. */
  static ConnectionException of(Throwable failure, ConnectionSettings settings) {
    if (failure instanceof ConnectionException known) {
      return known;
    }
    int code = failure instanceof MqttException e ? e.getReasonCode() : 0;
    return ReasonCodes.isRefusal(code) ? refused(code, settings) : passing(text(failure));
  }

  /** The broker says no: at once, or by ending a connection. */
  static ConnectionException refused(int code, ConnectionSettings settings) {
    String text =
        "the broker at " + settings.broker() + " refuses %s: " + ReasonCodes.describe(code);
    return switch (code) {
      case ReasonCodes.BAD_CREDENTIALS, ReasonCodes.NOT_AUTHORIZED ->
          over(
              text.formatted(
                  settings
                      .credentials()
                      .map(c -> "user " + c.user())
                      .orElse("us, without a user")));
      case ReasonCodes.UNSUPPORTED_VERSION, ReasonCodes.CLIENT_ID_INVALID, ReasonCodes.BANNED ->
          over(text.formatted("us"));
      default -> passing(text.formatted("us for now"));
    };
  }

  private static String text(Throwable failure) {
    if (failure == null) {
      return "connection lost";
    }
    Throwable root = failure;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    if (root instanceof java.io.EOFException) {
      return "the broker closed the connection";
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }

  boolean isOver() {
    return over;
  }
}
