package chorale.protocol.bus;

import chorale.protocol.Qos;

/**
 * An MQTT subscription: a topic filter and its options. Immutable.
 *
 * @param retained whether the broker sends retained messages at every subscribe
 * @param own whether the client receives its own messages (MQTT 5.0, section 3.8.3.1, No Local)
 * @param optional whether the client continues if the broker refuses the subscription
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

  /** Messages of other clients, including retained ones. */
  public static Subscription ofOthers(String filter) {
    return new Subscription(filter, Qos.AT_LEAST_ONCE, true, false, false);
  }

  /** Messages without retained ones, at most once, if the broker grants the subscription. */
  public static Subscription optional(String filter) {
    return new Subscription(filter, Qos.AT_MOST_ONCE, false, true, true);
  }
}
