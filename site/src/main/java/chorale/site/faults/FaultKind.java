package chorale.site.faults;

/** What is done to a site. */
public enum FaultKind {
  /** SIGKILL of an aggregator, which is started again. */
  KILL,
  /** SIGTERM of an aggregator, which is started again once it has left. */
  LEAVE,
  /** SIGSTOP of an aggregator for 1 to 30 s. */
  STOP,
  /** An aggregator's connection is broken, or stalled without being closed, for 0.1 to 30 s. */
  CUT,
  /** SIGKILL of a worker, which is started again. */
  WORKER,
  /** SIGSTOP of the broker for 20 s. */
  BROKER_STOP,
  /** SIGKILL of the broker, which is started again. */
  BROKER_KILL;

  /** Whether it hits one aggregator. */
  boolean isOfAggregator() {
    return this == KILL || this == LEAVE || this == STOP || this == CUT;
  }

  boolean isOfBroker() {
    return this == BROKER_STOP || this == BROKER_KILL;
  }

  /**
   * Whether its victim can go on later without having noticed at once that others have taken over,
   * so that a request can get a second result.
   */
  boolean isPause() {
    return this == STOP || this == CUT || isOfBroker();
  }
}
