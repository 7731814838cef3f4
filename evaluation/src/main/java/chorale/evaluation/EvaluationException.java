package chorale.evaluation;

/**
 * The failure of an evaluation or a plan. The message is for the user: what failed and what is
 * allowed.
 */
public final class EvaluationException extends Exception {
  public EvaluationException(String message) {
    super(message);
  }
}
