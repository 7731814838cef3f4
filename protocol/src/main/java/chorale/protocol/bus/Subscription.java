package chorale.protocol.bus;

import chorale.protocol.Qos;

/**
 * A topic filter at a quality of service.
 *
 * @param retained whether the messages that the broker has kept are wanted at every subscribe
 * @param own whether messages that this client publishes itself are wanted (MQTT 5.0, section
 *     3.8.3.1, No Local)
 */
public record Subscription(String filter, Qos qos, boolean retained, boolean own) {
  public static Subscription live(String filter) {
    return new Subscription(filter, Qos.AT_LEAST_ONCE, false, true);
  }

  public static Subscription withRetained(String filter) {
    return new Subscription(filter, Qos.AT_LEAST_ONCE, true, true);
  }

  /** What other clients publish, retained messages included. */
  public static Subscription ofOthers(String filter) {
    return new Subscription(filter, Qos.AT_LEAST_ONCE, true, false);
  }
}
