package chorale.broker;

/**
 * The most that may wait at the broker, and that it keeps, in bytes. What clients of one kind hold
 * is bounded together, so that strangers who do not read take nothing from workers and aggregators.
 * A payload counts for each client that waits for it. Immutable.
 *
 * @param service for one worker or aggregator, or those of one user
 * @param services for all of them
 * @param client for the other clients of one user; without users, for one
 * @param clients for all of them
 * @param kept retained messages; clients that are no services may fill half of that
 */
record QueueBounds(long service, long services, long client, long clients, long kept) {
  static QueueBounds of(long heapBytes) {
    return new QueueBounds(
        heapBytes / 4, heapBytes * 3 / 8, heapBytes / 16, heapBytes / 8, heapBytes / 8);
  }
}
