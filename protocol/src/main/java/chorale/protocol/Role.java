package chorale.protocol;

/** The roles of services with status topics. */
public enum Role {
  WORKER,
  AGGREGATOR;

  /** Returns the topic level, which is also part of the client id {@code chorale-worker-<name>}. */
  public String label() {
    return Labels.of(this);
  }
}
