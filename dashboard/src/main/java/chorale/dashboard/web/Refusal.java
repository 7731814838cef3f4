package chorale.dashboard.web;

/** A request that is not served: its status, and why, in one line for people. */
final class Refusal extends Exception {
  private final int status;

  Refusal(int status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  int status() {
    return status;
  }
}
