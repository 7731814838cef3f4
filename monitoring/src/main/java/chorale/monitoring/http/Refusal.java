package chorale.monitoring.http;

/** A request that is not served: its status, and why, in one line for people. */
public final class Refusal extends Exception {
  private final int status;

  public Refusal(int status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  public int status() {
    return status;
  }
}
