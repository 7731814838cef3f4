package chorale.evaluation.measurement;

/** The failure of a measurement on a running system. The message is for the user. */
public final class MeasurementException extends Exception {
  public MeasurementException(String message) {
    super(message);
  }

  public MeasurementException(String message, Throwable cause) {
    super(message, cause);
  }
}
