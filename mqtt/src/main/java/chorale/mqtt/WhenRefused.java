package chorale.mqtt;

/**
 * What a bus does when the broker refuses it in a way that waiting alone does not mend: wrong
 * password, no rights.
 */
public enum WhenRefused {
  /**
   * For a service: it reports the refusal once and tries again, because the broker's settings can
   * be mended.
   */
  TRY_AGAIN,

  /** For a command that a person waits for: the bus ends. */
  END
}
