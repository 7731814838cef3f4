package chorale.site.faults;

/** What is done to a site. */
public enum FaultKind {
  /** SIGKILL of an aggregator, which is started again. */
  KILL,
  /** SIGTERM of an aggregator, which is started again once it has left. */
  LEAVE,
  /** SIGSTOP of an aggregator for 1 to 30 s. */
  STOP,
  /** SIGKILL of a worker, which is started again. */
  WORKER,
  /** A worker gets a tenth of its time for 2 to 20 s. */
  SLOW,
  /** An aggregator's connection is broken, or stalled without being closed, for 0.1 to 30 s. */
  CUT,
  /** A service's connection delivers 20 ms to 1.5 s late, for 1 to 15 s. */
  DELAY,
  /** A service's connection swallows everything for 0.5 to 15 s, and is reset then. */
  DROP,
  /** A service's connection passes 4 to 256 KiB/s, for 1 to 15 s. */
  TRICKLE,
  /** Every reply comes twice at once and once again up to 5 s late, for 3 to 10 s. */
  REPLAY,
  /** 200 more clients lose their connections and come back at once, each second for 3 to 10 s. */
  RECONNECT,
  /** SIGSTOP of the broker for 20 s. */
  BROKER_STOP,
  /** SIGKILL of the broker, which is started again. */
  BROKER_KILL;

  /** Whether it is done to a service's connection. */
  boolean isOfLink() {
    return this == CUT || this == DELAY || this == DROP || this == TRICKLE;
  }

  /**
   * Whether its victim goes on, but its messages take longer than a group of aggregators allows for
   * (docs/reliability.md): the others take turns without agreeing whom they wait for.
   */
  boolean isSlowLink() {
    return this == DELAY || this == TRICKLE;
  }

  boolean isOfBroker() {
    return this == BROKER_STOP || this == BROKER_KILL;
  }

  /** Whether it ends a process, which is started again. */
  boolean isKill() {
    return this == KILL || this == WORKER || this == BROKER_KILL;
  }

  /**
   * Whether its victim can go on later without having noticed at once that others have taken over,
   * so that a request can get a second result.
   */
  boolean isPause() {
    return this == STOP || isOfLink() || isOfBroker();
  }
}
