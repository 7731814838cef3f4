package chorale.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.Bytes;
import chorale.protocol.ReplyError;

/** Assertions about images that are rejected. */
final class Rejections {
  private static final ImageDecoder DECODER = new ImageDecoder(1_000_000);

  private Rejections() {}

  static void assertRejected(ReplyError error, String message, Bytes image) {
    ImageRejectedException rejection =
        assertThrows(ImageRejectedException.class, () -> DECODER.decode(image), message);
    assertEquals(error, rejection.error(), rejection.getMessage());
    assertTrue(rejection.getMessage().contains(message), rejection.getMessage());
  }

  static void assertDamaged(String message, Bytes image) {
    assertRejected(ReplyError.DAMAGED, message, image);
  }
}
