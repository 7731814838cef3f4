package chorale.protocol.bus;

import chorale.protocol.Qos;

/**
 * A topic filter at a quality of service.
 *
 * @param retained whether the messages that the broker has kept are wanted at every subscribe
 */
public record Subscription(String filter, Qos qos, boolean retained) {
  public static Subscription live(String filter) {
    return new Subscription(filter, Qos.AT_LEAST_ONCE, false);
  }

  public static Subscription withRetained(String filter) {
    return new Subscription(filter, Qos.AT_LEAST_ONCE, true);
  }
}
