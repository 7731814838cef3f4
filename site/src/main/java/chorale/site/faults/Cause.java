package chorale.site.faults;

/**
 * The accepted causes of a request without a result in time. If several apply, the one listed first
 * counts.
 */
public enum Cause {
  /** The broker did not accept the frame, and it was down or no aggregator was able to answer. */
  NOT_TAKEN,
  /** The broker was paused or killed, and the group not yet ready again. */
  BROKER_DOWN,
  /** The observer had no connection. */
  OBSERVER_AWAY,
  /** The broker accepted the frame but did not deliver it to the observer. */
  NOT_DELIVERED,
  /** No aggregator was ready, running and connected for the whole time. */
  NO_AGGREGATOR
}
