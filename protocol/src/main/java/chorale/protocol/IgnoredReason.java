package chorale.protocol;

/** Why a service leaves a message alone. Each reason is counted. */
public enum IgnoredReason {
  NOT_AN_IMAGE_TOPIC,
  INVALID_NAME,
  RETAINED,
  EMPTY,
  /** Not what its schema says, or not authenticated with the site's key. */
  MALFORMED,
  /** A tensor of another network or for another stage. */
  FOREIGN,
  /** Another worker's share. */
  NOT_OURS
}
