package chorale.imaging;

import chorale.protocol.ReplyError;
import java.util.Objects;

/**
 * An image that cannot be classified, with the error for its sender. It reports bad input, not a
 * bug: every payload either decodes or ends in this exception.
 */
public final class ImageRejectedException extends Exception {
  /** The longest message, in characters. */
  public static final int MAX_MESSAGE = 160;

  private final transient ReplyError error;

  /**
   * @param message what is wrong and what is allowed; cut to {@value #MAX_MESSAGE} printable
   *     characters
   */
  ImageRejectedException(ReplyError error, String message) {
    super(printable(message), null, false, false);
    this.error = Objects.requireNonNull(error, "error");
  }

  /** Returns {@code BAD_IMAGE}, {@code DAMAGED}, {@code TOO_LARGE} or {@code UNSUPPORTED}. */
  public ReplyError error() {
    return error;
  }

  static ImageRejectedException bad(String message) {
    return new ImageRejectedException(ReplyError.BAD_IMAGE, message);
  }

  static ImageRejectedException damaged(String message) {
    return new ImageRejectedException(ReplyError.DAMAGED, message);
  }

  static ImageRejectedException unsupported(String message) {
    return new ImageRejectedException(ReplyError.UNSUPPORTED, message);
  }

  static ImageRejectedException tooLarge(String message) {
    return new ImageRejectedException(ReplyError.TOO_LARGE, message);
  }

  private static String printable(String message) {
    String text = message.replaceAll("[^ -~]", "?");
    return text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE);
  }
}
