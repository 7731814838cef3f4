package chorale.bench;

/** The benchmark cannot go on; the message is for the user. */
final class BenchException extends Exception {
  BenchException(String message) {
    super(message);
  }

  BenchException(String message, Throwable cause) {
    super(message, cause);
  }
}
