package chorale.protocol.bus;

/** A permanent failure of a service; the message is for the user. */
public final class ServiceEndedException extends Exception {
  public ServiceEndedException(String message) {
    super(message);
  }
}
