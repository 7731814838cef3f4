package chorale.mqtt;

import chorale.protocol.bus.ConnectionSettings;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.paho.mqttv5.common.MqttException;

/** A connection was not made or did not hold; the text is for the user. */
final class ConnectionException extends Exception {
  /** Paho's code for a DISCONNECT from the broker, and how its text names the reason. */
  private static final int PAHO_SERVER_DISCONNECT = 32204;

  private static final Pattern PAHO_REASON =
      Pattern.compile("Disconnect RC: (\\d+)(?: Disconnect Reason: (.*))?");

  private final boolean over;
  private final boolean blamed;

  private ConnectionException(String message, boolean over, boolean blamed) {
    super(message);
    this.over = over;
    this.blamed = blamed;
  }

  /** Worth another attempt. */
  static ConnectionException passing(String message) {
    return new ConnectionException(message, false, false);
  }

  /** Another attempt would end the same way, or harm another client. */
  private static ConnectionException over(String message) {
    return new ConnectionException(message, true, false);
  }

  /** Another client connected with this id; to come back would throw that one out in turn. */
  private static ConnectionException takenOver(String clientId) {
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
  static ConnectionException of(Throwable failure, String clientId) {
    if (failure instanceof ConnectionException known) {
      return known;
    }
    if (failure instanceof MqttException e && e.getReasonCode() == PAHO_SERVER_DISCONNECT) {
      Matcher reason = PAHO_REASON.matcher(String.valueOf(e.getMessage()));
      if (reason.find()) {
        return ended(Integer.parseInt(reason.group(1)), reason.group(2), clientId);
      }
    }
    return passing(text(failure));
  }

  /** The broker ends a connection that it had granted. */
  static ConnectionException ended(int code, String reason, String clientId) {
    if (code == ReasonCodes.TAKEN_OVER) {
      return takenOver(clientId);
    }
    String text = "the broker ended the connection: " + ReasonCodes.describe(code);
    boolean silent = reason == null || reason.isBlank() || reason.equals("null");
    return new ConnectionException(
        silent ? text : text + " (" + reason + ")", false, ReasonCodes.blamesClient(code));
  }

  /** The broker refuses to connect us. */
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

  /** Whether the broker ended the connection for something that we sent. */
  boolean isBlamed() {
    return blamed;
  }
}
