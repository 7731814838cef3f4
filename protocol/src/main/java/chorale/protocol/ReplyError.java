package chorale.protocol;

/** The error codes of replies: why a worker did not vote. */
public enum ReplyError {
  /** The payload is not an image that can be decoded. */
  BAD_IMAGE,
  /** The image data is truncated or corrupt. */
  DAMAGED,
  /** The image exceeds the worker's limit of pixels or memory. */
  TOO_LARGE,
  /** The image format is not supported, for example WebP. */
  UNSUPPORTED,
  /** Frames that already wait at the worker leave too little time or memory for this one. */
  OVERLOADED,
  /** The deadline passed while the frame waited in the worker's queue. */
  EXPIRED,
  /** The worker does not have the frame that it is asked about, or no longer. */
  FRAME_GONE,
  /** Inference failed. */
  INTERNAL;

  /** Returns the code in replies and results, in lower case. */
  public String code() {
    return Labels.of(this);
  }
}
