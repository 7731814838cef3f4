package chorale.protocol.bus;

import chorale.protocol.Qos;

/**
 * A topic filter at a quality of service.
 *
 * @param retained whether the messages that the broker has kept are wanted at every subscribe
 * @param own whether messages that this client publishes itself are wanted (MQTT 5.0, section
 *     3.8.3.1, No Local)
 * @param optional whether the client can do without it where the broker refuses it
 */
public record Subscription(
    String filter, Qos qos, boolean retained, boolean own, boolean optional) {
  public Subscription(String filter, Qos qos, boolean retained) {
    this(filter, qos, retained, true, false);
  }

  public static Subscription live(String filter) {
    return new Subscription(filter, Qos.AT_LEAST_ONCE, false);
  }

  public static Subscription withRetained(String filter) {
    return new Subscription(filter, Qos.AT_LEAST_ONCE, true);
  }

  /** What other clients publish, retained messages included. */
  public static Subscription ofOthers(String filter) {
    return new Subscription(filter, Qos.AT_LEAST_ONCE, true, false, false);
  }

  /** Live, at most once, where the broker grants it. */
  public static Subscription optional(String filter) {
    return new Subscription(filter, Qos.AT_MOST_ONCE, false, true, true);
  }
}
