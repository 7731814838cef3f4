package chorale.worker;

/**
 * A worker cannot start on this machine. The text is for the user: what is wrong, what is needed.
 */
public final class WorkerStartException extends Exception {
  public WorkerStartException(String message) {
    super(message);
  }

  public WorkerStartException(String message, Throwable cause) {
    super(message, cause);
  }
}
