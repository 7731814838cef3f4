package chorale.variants;

/**
 * An invalid model set. The message names the file and the key, what is wrong and what is allowed.
 */
public final class ModelSetException extends Exception {
  public ModelSetException(String message) {
    super(message);
  }

  public ModelSetException(String message, Throwable cause) {
    super(message, cause);
  }
}
