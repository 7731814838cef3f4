package chorale.protocol.bus;

import chorale.protocol.Message;
import java.util.concurrent.CompletionStage;

/**
 * A connection to a broker that heals itself. What arrives, and every change of the connection,
 * goes to the {@link Inbox} it was opened with. Safe for several threads; no call waits for the
 * network.
 */
public interface Bus extends AutoCloseable {

  /**
   * Hands a message over for publishing. At-least-once messages wait in a bounded outbox and are
   * sent again after a reconnect; at-most-once messages need a connection now.
   *
   * @return completes when the broker has taken the message (at most once: when it was written), or
   *     exceptionally with a {@link PublishException}: outbox full, no connection, or refused by
   *     the broker. Its callbacks run on the adapter's thread and must be short.
   */
  CompletionStage<Void> publish(Message message);

  /** Fails every message that waits to be sent. What is on its way to the broker stays so. */
  void discardWaiting();

  boolean isConnected();

  /**
   * Publishes the will's message as a farewell, disconnects and frees everything; waits a few
   * seconds at most.
   */
  @Override
  void close();
}
