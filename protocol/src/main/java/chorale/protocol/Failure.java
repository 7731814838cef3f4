package chorale.protocol;

/**
 * An error of a worker or of a request: a code, and a detail that helps to fix the cause.
 * Immutable.
 *
 * @param code of a {@link ReplyError}, {@code bad_request}, a code of a newer version, or several
 *     codes joined by commas
 * @param detail one sentence, made printable and cut to {@value Limits#MAX_DETAIL_LENGTH}
 *     characters; may be empty
 */
public record Failure(String code, String detail) implements Reply.Outcome {
  /** The code for a request with a property out of range. */
  public static final String BAD_REQUEST = "bad_request";

  public Failure {
    if (code.isEmpty()) {
      throw new IllegalArgumentException("the error code is empty");
    }
    detail = PrintableText.line(detail, Limits.MAX_DETAIL_LENGTH);
  }

  public static Failure of(ReplyError error, String detail) {
    return new Failure(error.code(), detail);
  }

  /** Returns the code and the detail for display. */
  @Override
  public String toString() {
    return detail.isEmpty() ? code : code + ": " + detail;
  }
}
