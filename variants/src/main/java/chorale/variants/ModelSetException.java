package chorale.variants;

/**
 * A model set cannot be used. The text is for the user: the file, the key, what was wrong and what
 * is allowed.
 */
public final class ModelSetException extends Exception {
  public ModelSetException(String message) {
    super(message);
  }

  public ModelSetException(String message, Throwable cause) {
    super(message, cause);
  }
}
