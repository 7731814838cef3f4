package chorale.setup;

/** A site cannot be set up as asked; one line that names what is wrong and what to do. */
public final class SetupException extends Exception {
  public SetupException(String message) {
    super(message);
  }
}
