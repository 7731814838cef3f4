package chorale.protocol;

/** Why a worker could not vote. */
public enum ReplyError {
  /** The payload is not an image that can be decoded. */
  BAD_IMAGE,
  /** The image's data ends early or is broken: a part of it was lost or changed on the way. */
  DAMAGED,
  /** The image has more pixels, or costs more memory, than the worker accepts. */
  TOO_LARGE,
  /** The image is of a kind that is not accepted, such as WebP. */
  UNSUPPORTED,
  /** The frames that wait at the worker leave too little of the budget, or of its memory. */
  OVERLOADED,
  /** The budget ran out while the frame waited in the worker's queue. */
  EXPIRED,
  /** The frame that the worker was asked about is not kept there, or no longer. */
  FRAME_GONE,
  /** Inference failed. */
  INTERNAL;

  /** As on the wire and in results: lower case. */
  public String code() {
    return Labels.of(this);
  }
}
