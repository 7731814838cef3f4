package chorale.protocol;

/** Why a service leaves a message alone. Each reason is counted. */
public enum IgnoredReason {
  NOT_AN_IMAGE_TOPIC,
  INVALID_NAME,
  RETAINED,
  EMPTY,
  /** Not what its schema says. */
  MALFORMED,
  /** Not signed with the key that the site's tensors need. */
  FORGED,
  /** A tensor of another network or for another stage. */
  FOREIGN,
  /** Another worker's share. */
  NOT_OURS,
  /** Kept, until the worker is asked about it. */
  NOT_ASKED
}
