package chorale.site;

/** A site cannot start or cannot go on; the message is for the user. */
public final class SiteException extends Exception {
  public SiteException(String message) {
    super(message);
  }

  public SiteException(String message, Throwable cause) {
    super(message, cause);
  }
}
