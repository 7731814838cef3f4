package chorale.protocol.access;

/** What a user of the broker is to its site. {@link RightsTable} has the rights of each. */
public enum UserRole {
  /** The worker of the user's name. */
  WORKER("<worker>"),
  /** The aggregator of the user's name. */
  AGGREGATOR("<aggregator>"),
  /** The camera of the user's name. */
  CAMERA("<camera>"),
  /** A screen that shows results and status, and is the camera of its own name. */
  DASHBOARD("<camera>"),
  /** A person who looks after the site. */
  OPERATOR("<operator>");

  private final String placeholder;

  UserRole(String placeholder) {
    this.placeholder = placeholder;
  }

  /** The level of a topic form where the user's own name stands. */
  String placeholder() {
    return placeholder;
  }
}
