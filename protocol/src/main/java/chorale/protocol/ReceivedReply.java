package chorale.protocol;

/**
 * A well-formed reply whose author is not yet authenticated; {@link #isSignedBy} does that.
 * Immutable.
 *
 * @param isSigned whether a signature is present, valid or not
 */
public record ReceivedReply(Reply reply, Bytes payload, boolean isSigned) {
  public boolean isSignedBy(Signer author) {
    return isSigned && author.isSigned(payload);
  }
}
