package chorale.protocol.bus;

/** A service cannot continue; the message is for the user. */
public final class ServiceEndedException extends Exception {
  public ServiceEndedException(String message) {
    super(message);
  }
}
