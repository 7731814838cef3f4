package chorale.worker;

import chorale.protocol.RequestRules.Reason;
import java.util.Locale;

/** Why a worker leaves a message alone. Each is counted. */
enum Unused {
  NOT_AN_IMAGE_TOPIC,
  INVALID_NAME,
  RETAINED,
  EMPTY,
  /** A tensor message that is not what its schema says, or not made with the site's key. */
  MALFORMED,
  /** A tensor of another network or for another stage. */
  FOREIGN,
  /** Another worker's share. */
  NOT_OURS;

  static Unused of(Reason reason) {
    return switch (reason) {
      case NOT_AN_IMAGE_TOPIC -> NOT_AN_IMAGE_TOPIC;
      case INVALID_NAME -> INVALID_NAME;
      case RETAINED -> RETAINED;
      case EMPTY -> EMPTY;
    };
  }

  /** As counted: {@code ignored_retained}. */
  String label() {
    return "ignored_" + name().toLowerCase(Locale.ROOT);
  }
}
