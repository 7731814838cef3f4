package chorale.protocol;

/** The reasons why a service ignores a message. A worker counts each one separately. */
public enum IgnoredReason {
  NOT_AN_IMAGE_TOPIC,
  INVALID_NAME,
  RETAINED,
  EMPTY,
  /** The payload does not match its schema. */
  MALFORMED,
  /** The tensor lacks a valid signature with the site's tensor key. */
  FORGED,
  /** A tensor of another network or for another stage. */
  FOREIGN,
  /** The request belongs to another replica. */
  NOT_OURS,
  /** The frame is kept until an aggregator asks for it. */
  NOT_ASKED
}
