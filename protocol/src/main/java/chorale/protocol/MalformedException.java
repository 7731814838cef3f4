package chorale.protocol;

/** A violation of a message's schema. Malformed input is counted and is never fatal. */
public final class MalformedException extends Exception {
  public MalformedException(String message) {
    super(message, null, false, false);
  }
}
