package chorale.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignerTest {
  /** The bytes 00 to 1f. */
  static final SigningKey KEY = SigningKey.parse("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");

  static final SigningKey OTHER = new SigningKey(Bytes.wrap(new byte[SigningKey.BYTES]));

  /**
   * The expected value was computed with {@code printf 'Hi There' | openssl dgst -sha256 -mac HMAC
   * -macopt hexkey:0001..1f} and cut to 16 bytes.
   */
  @Test
  void sign_aMessage_appendsHmacSha256CutTo16Bytes() {
    byte[] message =
        java.util.Arrays.copyOf("Hi There".getBytes(java.nio.charset.StandardCharsets.UTF_8), 24);
    Signer signer = new Signer(KEY);
    signer.sign(message);
    assertEquals(
        "4869205468657265" + "278639ec02309d3afded1b273f1349ba", HexFormat.of().formatHex(message));
    assertTrue(signer.isSigned(Bytes.wrap(message)));
    assertFalse(new Signer(OTHER).isSigned(Bytes.wrap(message)));
  }

  @Test
  void isSigned_shorterThanASignature_isFalse() {
    assertFalse(new Signer(KEY).isSigned(Bytes.wrap(new byte[Signer.BYTES - 1])));
    assertFalse(new Signer(KEY).isSigned(Bytes.EMPTY));
  }

  @Test
  void parse_notAKey_isRefusedWithoutShowingIt() {
    String tooLong = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gIA==";
    for (String text : List.of("", "secret", "AAECAw==", tooLong, "AAEC AwQF")) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> SigningKey.parse(text)).getMessage();
      assertEquals(
          "not a key; allowed: 32 bytes in base64, as 'openssl rand -base64 32' makes them",
          message);
    }
    assertEquals("SigningKey[***]", KEY.toString());
  }
}
