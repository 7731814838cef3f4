package chorale.dashboard;

/** The availability of a board or an aggregator, from its messages. */
public enum ServiceState {
  /** No availability message since the connection to the broker. */
  UNKNOWN,
  ONLINE,
  OFFLINE
}
