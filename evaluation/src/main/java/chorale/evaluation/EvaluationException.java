package chorale.evaluation;

/**
 * An evaluation or a plan cannot be made. The text is for the user: what was wrong, what is
 * allowed.
 */
public final class EvaluationException extends Exception {
  public EvaluationException(String message) {
    super(message);
  }
}
