package chorale.mqtt;

import java.util.Map;
import java.util.Set;

/** The reason codes of MQTT 5.0, section 2.4, as text. */
final class ReasonCodes {
  static final int ERROR = 0x80;
  static final int UNSUPPORTED_VERSION = 0x84;
  static final int CLIENT_ID_INVALID = 0x85;
  static final int BAD_CREDENTIALS = 0x86;
  static final int NOT_AUTHORIZED = 0x87;
  static final int BANNED = 0x8A;
  static final int BAD_METHOD = 0x8C;
  static final int TAKEN_OVER = 0x8E;

  /**
   * Codes of a DISCONNECT that a packet of the client caused: malformed, protocol error, not
   * authorized, topic name, packet too large, payload format, retain, QoS.
   */
  private static final Set<Integer> BLAMING =
      Set.of(0x81, 0x82, NOT_AUTHORIZED, 0x90, 0x95, 0x99, 0x9A, 0x9B);

  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(0x00, "normal disconnection"),
          Map.entry(0x80, "unspecified error"),
          Map.entry(0x81, "malformed packet"),
          Map.entry(0x82, "protocol error"),
          Map.entry(0x83, "implementation-specific error"),
          Map.entry(UNSUPPORTED_VERSION, "protocol version not supported"),
          Map.entry(CLIENT_ID_INVALID, "client id not valid"),
          Map.entry(BAD_CREDENTIALS, "bad user name or password"),
          Map.entry(NOT_AUTHORIZED, "not authorized"),
          Map.entry(0x88, "server unavailable"),
          Map.entry(0x89, "server busy"),
          Map.entry(BANNED, "banned"),
          Map.entry(0x8B, "server shutting down"),
          Map.entry(BAD_METHOD, "bad authentication method"),
          Map.entry(0x8D, "keep-alive timeout"),
          Map.entry(TAKEN_OVER, "session taken over"),
          Map.entry(0x8F, "topic filter not valid"),
          Map.entry(0x90, "topic name not valid"),
          Map.entry(0x91, "packet id in use"),
          Map.entry(0x93, "receive maximum exceeded"),
          Map.entry(0x94, "topic alias not valid"),
          Map.entry(0x95, "packet too large"),
          Map.entry(0x96, "message rate too high"),
          Map.entry(0x97, "quota exceeded"),
          Map.entry(0x98, "administrative action"),
          Map.entry(0x99, "payload format not valid"),
          Map.entry(0x9A, "retain not supported"),
          Map.entry(0x9B, "quality of service not supported"),
          Map.entry(0x9C, "use another server"),
          Map.entry(0x9D, "server moved"),
          Map.entry(0x9E, "shared subscriptions not supported"),
          Map.entry(0x9F, "connection rate exceeded"),
          Map.entry(0xA0, "maximum connect time"),
          Map.entry(0xA1, "subscription ids not supported"),
          Map.entry(0xA2, "wildcard subscriptions not supported"));

  private ReasonCodes() {}

  /** Maps the codes of MQTT 3.1.1, which a broker without MQTT 5 sends (section 3.2.2.3). */
  static int ofConnack(int code) {
    return switch (code) {
      case 1 -> UNSUPPORTED_VERSION;
      case 2 -> CLIENT_ID_INVALID;
      case 3 -> 0x88;
      case 4 -> BAD_CREDENTIALS;
      case 5 -> NOT_AUTHORIZED;
      default -> code;
    };
  }

  static boolean isRefusal(int code) {
    return code >= ERROR && code <= 0xFF;
  }

  /** Returns whether a DISCONNECT with this code concerns a packet that the client sent. */
  static boolean blamesClient(int code) {
    return BLAMING.contains(code);
  }

  /** For example {@code 0x87 not authorized}. */
  static String describe(int code) {
    return "0x%02X %s".formatted(code, NAMES.getOrDefault(code, "refused"));
  }
}
