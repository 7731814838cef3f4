package chorale.publisher;

/** The failure to find or read images in a source. The message is for the user. */
public final class SourceException extends Exception {
  public SourceException(String message) {
    super(message);
  }
}
