package chorale.worker;

/**
 * The failure of a worker to start on this machine. The message is for the user: what is wrong and
 * what is needed.
 */
public final class WorkerStartException extends Exception {
  public WorkerStartException(String message) {
    super(message);
  }

  public WorkerStartException(String message, Throwable cause) {
    super(message, cause);
  }
}
