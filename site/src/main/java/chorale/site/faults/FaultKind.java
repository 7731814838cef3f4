package chorale.site.faults;

/** The kinds of faults. */
public enum FaultKind {
  /** SIGKILL of an aggregator, then restart. */
  KILL,
  /** SIGTERM of an aggregator, then restart after its exit. */
  LEAVE,
  /** SIGSTOP of an aggregator for 1 to 30 s. */
  STOP,
  /** SIGKILL of a worker, then restart. */
  WORKER,
  /** A worker gets a tenth of its processor time for 2 to 20 s. */
  SLOW,
  /** An aggregator's connection is closed, or stalled without closing, for 0.1 to 30 s. */
  CUT,
  /** A service's connection is delayed by 20 ms to 1.5 s, for 1 to 15 s. */
  DELAY,
  /** A service's connection drops all data for 0.5 to 15 s, then is reset. */
  DROP,
  /** A service's connection is limited to 4 to 256 KiB/s, for 1 to 15 s. */
  TRICKLE,
  /** Every reply is repeated twice at once and once more up to 5 s later, for 3 to 10 s. */
  REPLAY,
  /** 200 additional clients disconnect and reconnect at once, every second for 3 to 10 s. */
  RECONNECT,
  /** SIGSTOP of the broker for 20 s. */
  BROKER_STOP,
  /** SIGKILL of the broker, then restart. */
  BROKER_KILL;

  /** Returns whether it affects a service's connection. */
  boolean isOfLink() {
    return this == CUT || this == DELAY || this == DROP || this == TRICKLE;
  }

  /**
   * Returns whether its victim continues with messages slower than the group's limit
   * (docs/reliability.md). The other members then take turns without agreement on the order.
   */
  boolean isSlowLink() {
    return this == DELAY || this == TRICKLE;
  }

  boolean isOfBroker() {
    return this == BROKER_STOP || this == BROKER_KILL;
  }

  /** Returns whether it ends a process, which is restarted. */
  boolean isKill() {
    return this == KILL || this == WORKER || this == BROKER_KILL;
  }

  /**
   * Returns whether its victim can resume before it detects that others have taken over, so that a
   * request can get a second result.
   */
  boolean isPause() {
    return this == STOP || isOfLink() || isOfBroker();
  }
}
