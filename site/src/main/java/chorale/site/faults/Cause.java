package chorale.site.faults;

/** Why a request may have no result in time; of several the first counts. */
public enum Cause {
  /** The broker did not take the frame, and was away or had no able aggregator to take it to. */
  NOT_TAKEN,
  /** The broker was stopped or killed, and the group not yet ready again. */
  BROKER_DOWN,
  /** The observer had no connection. */
  OBSERVER_AWAY,
  /** The broker took the frame and did not deliver it to the observer. */
  NOT_DELIVERED,
  /** No aggregator was ready, running and connected all the time. */
  NO_AGGREGATOR
}
