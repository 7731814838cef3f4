package chorale.monitoring.http;

import chorale.protocol.PrintableText;

/** A rejected HTTP request: its status code and the reason in one line. */
public final class Refusal extends Exception {
  private static final int MAX_METHOD = 20;

  private final int status;

  public Refusal(int status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  /** Returns the refusal of a request with another method than those allowed. */
  public static Refusal method(String method, String allowed) {
    return new Refusal(
        405,
        "method '"
            + PrintableText.ascii(method, MAX_METHOD)
            + "' is not supported; allowed: "
            + allowed);
  }

  public int status() {
    return status;
  }
}
