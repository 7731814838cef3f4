package chorale.protocol.bus;

/** A service cannot go on; the text is for the user. */
public final class ServiceEndedException extends Exception {
  public ServiceEndedException(String message) {
    super(message);
  }
}
