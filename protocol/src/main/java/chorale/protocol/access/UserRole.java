package chorale.protocol.access;

/** The roles of a broker's users. {@link RightsTable} lists the rights of each role. */
public enum UserRole {
  /** The worker of the user's name. */
  WORKER("<worker>"),
  /** The aggregator of the user's name. */
  AGGREGATOR("<aggregator>"),
  /** The camera of the user's name. */
  CAMERA("<camera>"),
  /** A display of results and status; it may also publish images as the camera of its own name. */
  DASHBOARD("<camera>"),
  /** A person who administers the site. */
  OPERATOR("<operator>");

  private final String placeholder;

  UserRole(String placeholder) {
    this.placeholder = placeholder;
  }

  /** The placeholder for the user's own name in the topics of {@link RightsTable}. */
  String placeholder() {
    return placeholder;
  }
}
