package chorale.protocol;

import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes and checks the authentication codes of messages: HMAC-SHA256 over all bytes before the code
 * with the secret that a site's services share, cut to 16 bytes. Not safe for several threads.
 */
public final class ReplyMac {
  public static final int BYTES = 16;

  private final Mac mac;

  public ReplyMac(Bytes sharedKey) {
    try {
      mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(sharedKey.sharedArray(), "HmacSHA256"));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalArgumentException("this key cannot authenticate messages", e);
    }
  }

  /** The code of the message's first bytes, so many. */
  public byte[] code(byte[] message, int length) {
    mac.update(message, 0, length);
    return Arrays.copyOf(mac.doFinal(), BYTES);
  }

  public boolean matches(byte[] claimed, byte[] message, int length) {
    return MessageDigest.isEqual(claimed, code(message, length));
  }
}
