package chorale.protocol;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Message authentication with one key: the last {@value #BYTES} bytes of a signed message are the
 * truncated HMAC-SHA256 of all bytes before them (RFC 2104; truncated as in RFC 4868). Reuses its
 * {@link Mac}. Not thread-safe.
 */
public final class Signer {
  public static final int BYTES = 16;

  private static final String ALGORITHM = "HmacSHA256";

  private final Mac mac;
  private final byte[] code;

  public Signer(SigningKey key) {
    try {
      mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key.secret().sharedArray(), ALGORITHM));
      code = new byte[mac.getMacLength()];
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(ALGORITHM + " is part of every Java", e);
    }
  }

  /** Overwrites the message's last bytes with the signature of those before them. */
  public void sign(byte[] message) {
    compute(message);
    System.arraycopy(code, 0, message, message.length - BYTES, BYTES);
  }

  /** Returns whether the message ends with a valid signature. Compares in constant time. */
  public boolean isSigned(Bytes message) {
    byte[] bytes = message.sharedArray();
    if (bytes.length < BYTES) {
      return false;
    }
    compute(bytes);
    int difference = 0;
    for (int i = 0; i < BYTES; i++) {
      difference |= code[i] ^ bytes[bytes.length - BYTES + i];
    }
    return difference == 0;
  }

  private void compute(byte[] message) {
    try {
      mac.update(message, 0, message.length - BYTES);
      mac.doFinal(code, 0);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "the buffer of " + code.length + " bytes is too short for the code", e);
    }
  }
}
