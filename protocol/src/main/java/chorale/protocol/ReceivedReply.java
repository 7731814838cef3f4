package chorale.protocol;

/**
 * A reply as it arrived: well-formed, and said to be of its author. {@link #isSignedBy} proves it.
 * Immutable.
 *
 * @param isSigned whether it has a signature, right or wrong
 */
public record ReceivedReply(Reply reply, Bytes payload, boolean isSigned) {
  public boolean isSignedBy(Signer author) {
    return isSigned && author.isSigned(payload);
  }
}
