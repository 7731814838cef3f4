package chorale.mqtt;

/**
 * The reaction to a refusal by the broker for which a retry alone does not help, such as a wrong
 * password or missing access rights.
 */
public enum WhenRefused {
  /**
   * For services: log the refusal once and try again, because the broker's settings may be
   * corrected.
   */
  TRY_AGAIN,

  /** For interactive commands: end. */
  END
}
