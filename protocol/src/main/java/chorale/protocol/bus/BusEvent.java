package chorale.protocol.bus;

import chorale.protocol.Message;
import chorale.protocol.Request;

/** An event in an {@link Inbox}: a message or a change of the connection. */
public sealed interface BusEvent {

  /**
   * A message arrived.
   *
   * @param arrivedNanos reading of the adapter's ticker after the message was read
   */
  record Delivered(Message message, long arrivedNanos) implements BusEvent {}

  /**
   * A frame arrived but was dropped for lack of room; it is to be answered with an error.
   *
   * @param arrivedNanos as that of the message
   */
  record Shed(Request request, long arrivedNanos) implements BusEvent {}

  /** Connected and about to subscribe. The broker will send all retained messages again. */
  record Connected() implements BusEvent {}

  /** All subscriptions are granted. From now on no published message is missed. */
  record Subscribed() implements BusEvent {}

  /** The connection is lost; the adapter reconnects. */
  record Disconnected(String reason) implements BusEvent {}

  /**
   * The connection ended permanently and the process should exit: the broker refuses the client, or
   * another client connected with a command's client id.
   */
  record Ended(String reason) implements BusEvent {}
}
