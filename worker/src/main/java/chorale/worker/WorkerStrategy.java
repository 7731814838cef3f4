package chorale.worker;

import chorale.protocol.Address;
import chorale.protocol.Assignment;
import chorale.protocol.Judgement;
import chorale.protocol.WorkerInfo;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.Subscription;
import chorale.worker.Job.Spent;
import java.util.List;

/**
 * The part of a worker that its site's strategy determines: where jobs come from, and where what
 * was computed goes. Owned by the worker's thread.
 */
public interface WorkerStrategy {
  /** As announced in the worker's info. */
  Assignment assignment();

  /** In the order in which they are subscribed to. */
  List<Subscription> subscriptions();

  /**
   * Called once, before anything is heard.
   *
   * @param own what this worker announces of itself
   */
  default void begin(WorkerInfo own) {}

  /**
   * Takes in a status message of another worker, which is neither a job nor counted.
   *
   * @return whether that worker needs to hear at once that this one is there
   */
  default boolean hear(Address.Status status, BusEvent.Delivered delivered) {
    return false;
  }

  /**
   * Judges a message that arrived.
   *
   * @param address its topic's
   */
  Judgement<Job> judge(Address address, BusEvent.Delivered delivered);

  /** Drops what retained messages said: after a reconnect they arrive again. */
  default void forget() {}

  /** Publishes what an engine computed. */
  void publish(Job job, Engine.Output output, Spent spent, ReplyPublisher publisher);
}
