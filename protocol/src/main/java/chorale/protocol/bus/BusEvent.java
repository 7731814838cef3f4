package chorale.protocol.bus;

import chorale.protocol.Message;
import chorale.protocol.Request;

/** An event in an {@link Inbox}: a message or a change of the connection. */
public sealed interface BusEvent {

  /**
   * The arrival of a message.
   *
   * @param arrivedNanos reading of the adapter's ticker after the message was read
   */
  record Delivered(Message message, long arrivedNanos) implements BusEvent {}

  /**
   * The arrival of a frame that was dropped for lack of space; it is to be answered with an error.
   *
   * @param arrivedNanos as that of the message
   */
  record Shed(Request request, long arrivedNanos) implements BusEvent {}

  /**
   * A new connection, before the subscriptions. The broker will send all retained messages again.
   */
  record Connected() implements BusEvent {}

  /** The grant of all subscriptions. From now on no published message is missed. */
  record Subscribed() implements BusEvent {}

  /** The loss of the connection; the adapter reconnects. */
  record Disconnected(String reason) implements BusEvent {}

  /**
   * The permanent end of the connection; the process should exit. The broker refuses the client, or
   * another client connected with a command's client id.
   */
  record Ended(String reason) implements BusEvent {}
}
