package chorale.site;

/** A failure to start or continue a site. The message is for the user. */
public final class SiteException extends Exception {
  public SiteException(String message) {
    super(message);
  }

  public SiteException(String message, Throwable cause) {
    super(message, cause);
  }
}
