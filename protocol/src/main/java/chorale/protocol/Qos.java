package chorale.protocol;

/** MQTT's delivery guarantees that Chorale uses. */
public enum Qos {
  AT_MOST_ONCE,
  AT_LEAST_ONCE
}
