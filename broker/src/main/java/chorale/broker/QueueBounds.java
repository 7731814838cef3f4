package chorale.broker;

/**
 * Limits of the broker's queues and retained messages, in bytes. Each kind of clients has a common
 * limit, so that other clients that do not read cannot use up the space of workers and aggregators.
 * A payload counts once for each client that it waits for. Immutable.
 *
 * @param service for one worker or aggregator, or those of one user
 * @param services for all of them
 * @param client for the other clients of one user; without users, for one client
 * @param clients for all of them
 * @param kept for retained messages; clients that are not services may fill half of it
 */
record QueueBounds(long service, long services, long client, long clients, long kept) {
  static QueueBounds of(long heapBytes) {
    return new QueueBounds(
        heapBytes / 4, heapBytes * 3 / 8, heapBytes / 16, heapBytes / 8, heapBytes / 8);
  }
}
