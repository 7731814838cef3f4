package chorale.protocol;

/** A message that is not what its schema says. It is data, not a bug: counted, never fatal. */
public final class MalformedException extends Exception {
  public MalformedException(String message) {
    super(message, null, false, false);
  }
}
