package chorale.protocol;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs messages and checks signatures with one key: the last {@value #BYTES} bytes of a signed
 * message are the HMAC-SHA256 of all bytes before them, cut to that length (RFC 2104; RFC 4868 cuts
 * it likewise). Keeps its {@link Mac} for all messages. Not safe for several threads.
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

  /**
   * Whether the message ends with this key's signature; takes the same time wherever it differs.
   */
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
      throw new IllegalStateException("the buffer is as long as the code", e);
    }
  }
}
