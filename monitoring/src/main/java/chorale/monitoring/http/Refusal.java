package chorale.monitoring.http;

/** A rejected HTTP request: its status code and the reason in one line. */
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
