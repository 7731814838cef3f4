package chorale.protocol;

/**
 * Why there is no vote or no answer: an error code, and what a person needs to mend it. Immutable.
 *
 * @param code of a {@link ReplyError}, {@code bad_request}, a code of a newer version, or several
 *     joined by commas
 * @param detail one sentence; made printable and cut to {@value Limits#MAX_DETAIL_LENGTH}
 *     characters; empty where nothing is known beyond the code
 */
public record Failure(String code, String detail) implements Reply.Outcome {
  /** The code of a request whose properties are out of range. */
  public static final String BAD_REQUEST = "bad_request";

  public Failure {
    if (code.isEmpty()) {
      throw new IllegalArgumentException("an error code is not empty");
    }
    detail = PrintableText.line(detail, Limits.MAX_DETAIL_LENGTH);
  }

  public static Failure of(ReplyError error, String detail) {
    return new Failure(error.code(), detail);
  }

  /** Code and detail, for people. */
  @Override
  public String toString() {
    return detail.isEmpty() ? code : code + ": " + detail;
  }
}
