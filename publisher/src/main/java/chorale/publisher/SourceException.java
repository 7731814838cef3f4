package chorale.publisher;

/** A source without images to publish; the message is for the user. */
public final class SourceException extends Exception {
  public SourceException(String message) {
    super(message);
  }
}
