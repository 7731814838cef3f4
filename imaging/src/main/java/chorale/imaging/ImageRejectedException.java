package chorale.imaging;

import chorale.protocol.ReplyError;
import java.util.Objects;

/**
 * An image that is not classified, and the error that its sender gets. It is data, not a bug: every
 * payload that a camera can send ends in an answer or in this.
 */
public final class ImageRejectedException extends Exception {
  private final transient ReplyError error;

  ImageRejectedException(ReplyError error, String message) {
    super(message, null, false, false);
    this.error = Objects.requireNonNull(error, "error");
  }

  /** {@code BAD_IMAGE}, {@code TOO_LARGE} or {@code UNSUPPORTED}. */
  public ReplyError error() {
    return error;
  }
}
