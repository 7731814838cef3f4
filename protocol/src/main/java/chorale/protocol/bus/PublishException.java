package chorale.protocol.bus;

/** A failure to publish a message; the text says why. */
public final class PublishException extends Exception {
  public PublishException(String message) {
    super(message);
  }

  public PublishException(String message, Throwable cause) {
    super(message, cause);
  }
}
