package chorale.protocol;

/** The MQTT quality-of-service levels that Chorale uses. */
public enum Qos {
  AT_MOST_ONCE,
  AT_LEAST_ONCE
}
