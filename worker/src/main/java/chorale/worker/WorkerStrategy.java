package chorale.worker;

import chorale.protocol.Address;
import chorale.protocol.Assignment;
import chorale.protocol.Judgment;
import chorale.protocol.WorkerInfo;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.Subscription;
import chorale.worker.Job.Spent;
import java.util.List;

/**
 * The part of a worker that depends on its site's strategy: the source of its jobs and the
 * destination of its outputs. Owned by the worker's thread.
 */
public interface WorkerStrategy {
  /** Returns the assignment as announced in the worker's info. */
  Assignment assignment();

  /** Returns the subscriptions in the order in which they are made. */
  List<Subscription> subscriptions();

  /**
   * Called once, before any message.
   *
   * @param own the info that this worker announces
   */
  default void begin(WorkerInfo own) {}

  /**
   * Handles a status message of another worker. It is not a job and is not counted.
   *
   * @return whether this worker must announce itself to that worker at once
   */
  default boolean hear(Address.Status status, BusEvent.Delivered delivered) {
    return false;
  }

  /**
   * Judges a message that arrived.
   *
   * @param address parsed from its topic
   */
  Judgment<Job> judge(Address address, BusEvent.Delivered delivered);

  /** Discards the state from retained messages; they arrive again after a reconnect. */
  default void forget() {}

  /** Publishes what an engine computed. */
  void publish(Job job, Engine.Output output, Spent spent, ReplyPublisher publisher);
}
