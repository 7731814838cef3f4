package chorale.publisher;

/** There is nothing to publish where the user said there would be; the text is for the user. */
public final class SourceException extends Exception {
  public SourceException(String message) {
    super(message);
  }
}
