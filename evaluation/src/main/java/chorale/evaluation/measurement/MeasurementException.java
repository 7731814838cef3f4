package chorale.evaluation.measurement;

/** A system cannot be measured; the message is for the user. */
public final class MeasurementException extends Exception {
  public MeasurementException(String message) {
    super(message);
  }

  public MeasurementException(String message, Throwable cause) {
    super(message, cause);
  }
}
