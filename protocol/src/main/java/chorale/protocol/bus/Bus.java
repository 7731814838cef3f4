package chorale.protocol.bus;

import chorale.protocol.Message;
import java.util.concurrent.CompletionStage;

/**
 * A connection to a broker with automatic reconnect. It delivers messages and connection events to
 * the {@link Inbox} that it was opened with. Thread-safe; only {@link #close} waits for the
 * network.
 */
public interface Bus extends AutoCloseable {

  /**
   * Queues a message for publishing. At-least-once messages wait in a bounded outbox and are sent
   * again after a reconnect; at-most-once messages need a connection now.
   *
   * @return completes when the broker has acknowledged the message (at most once: when it is
   *     written), or exceptionally with a {@link PublishException}: outbox full, no connection, or
   *     refused by the broker. Callbacks run on the adapter's thread and must be short.
   */
  CompletionStage<Void> publish(Message message);

  /** Fails every message that waits to be sent. Messages already on the wire are not affected. */
  void discardWaiting();

  boolean isConnected();

  /**
   * Publishes the last will's message, disconnects and frees all resources. Waits a few seconds at
   * most.
   */
  @Override
  void close();
}
