package chorale.dashboard;

/** Whether a board or an aggregator is there, as far as its messages tell. */
enum ServiceState {
  /** Nothing has come since the connection to the broker was made. */
  UNKNOWN,
  ONLINE,
  OFFLINE
}
