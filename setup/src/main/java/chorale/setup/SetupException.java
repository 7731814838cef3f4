package chorale.setup;

/** A failure to set up a site. The message is one line: what is wrong and what to do. */
public final class SetupException extends Exception {
  public SetupException(String message) {
    super(message);
  }
}
