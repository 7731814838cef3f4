package chorale.protocol.bus;

import chorale.protocol.Message;
import chorale.protocol.Request;

/** What an {@link Inbox} holds, in the order in which it happened. */
public sealed interface BusEvent {

  /**
   * A message arrived.
   *
   * @param arrivedNanos the adapter's ticker when it had been read
   */
  record Delivered(Message message, long arrivedNanos) implements BusEvent {}

  /**
   * A frame arrived and was too much: its image is gone, and it is to be answered so.
   *
   * @param arrivedNanos as that of the message
   */
  record Shed(Request request, long arrivedNanos) implements BusEvent {}

  /**
   * Connected and about to subscribe: everything learnt from retained messages will be sent anew.
   */
  record Connected() implements BusEvent {}

  /** All subscriptions are granted: from here on nothing that is published is missed. */
  record Subscribed() implements BusEvent {}

  /** The connection is lost; the adapter goes on trying. */
  record Disconnected(String reason) implements BusEvent {}

  /**
   * The connection is over for good and the process should end: the broker refuses it, or another
   * client took over the client id of a command.
   */
  record Ended(String reason) implements BusEvent {}
}
