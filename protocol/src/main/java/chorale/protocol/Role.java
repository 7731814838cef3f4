package chorale.protocol;

/** The services that announce themselves on status topics. */
public enum Role {
  WORKER,
  AGGREGATOR;

  /** The topic level, also the middle of a client id: {@code chorale-worker-<name>}. */
  public String label() {
    return Labels.of(this);
  }
}
