package chorale.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.Bytes;
import chorale.protocol.ReplyError;
import java.awt.Color;
import org.junit.jupiter.api.Test;

final class DecodeLimitsTest {
  private static final Bytes JPEG = TestPictures.jpeg(Color.RED);
  private static final int MAX_PIXELS = 25_165_824;

  @Test
  void decode_hugeStatedSizes_areTooLargeBeforeDecoding() {
    Bytes png = TestPictures.encoded("png", TestPictures.plain(4, 4, Color.RED));

    assertTooLarge(
        "10000 x 10000 pixels (allowed: 25165824, max-pixels)",
        TestPictures.jpegClaiming(JPEG, 10_000, 10_000));
    assertTooLarge("10000 x 10000 pixels", TestPictures.pngClaiming(png, 10_000, 10_000));
    assertTooLarge("2147483647 x 2 pixels", TestPictures.pngClaiming(png, Integer.MAX_VALUE, 2));
    assertTooLarge("65536 x 1 pixels", TestPictures.pngClaiming(png, 65_536, 1));
    assertTooLarge("65535 on a side", TestPictures.pngClaiming(png, -1, 1));
  }

  @Test
  void decode_onePixelMoreThanAllowed_isTooLarge() throws Exception {
    Bytes image = TestPictures.encoded("png", TestPictures.plain(20, 10, Color.RED));

    assertEquals(20, new ImageDecoder(200).decode(image).width());
    assertThrows(ImageRejectedException.class, () -> new ImageDecoder(199).decode(image));
  }

  /** The limit is in bytes: at the same size, depth, channels and interlacing decide. */
  @Test
  void decode_manyBytesAPixel_areTooLarge() {
    assertEnds(png(5_000, 5_000, 8, 2, false));
    assertEnds(png(5_000, 5_000, 8, 6, false));
    assertTooLarge(
        "takes 150000000 bytes to decode (allowed: 100663296", png(5_000, 5_000, 16, 2, false));
    assertEnds(png(4_000, 4_000, 8, 2, true));
    assertTooLarge("an interlaced PNG of 4096 x 4096 x 4, 16 bits", png(4_096, 4_096, 16, 6, true));
    assertTooLarge("an interlaced PNG", png(5_000, 5_000, 8, 2, true));
  }

  private static Bytes png(int width, int height, int depth, int kind, boolean interlaced) {
    return new TestPng(width, height, depth, kind, interlaced).rows(0).finished();
  }

  @Test
  void decode_progressiveJpeg_countsItsCoefficients() {
    assertEnds(TestPictures.jpegClaiming(JPEG, 4_608, 3_456));
    assertEnds(progressive(4_608, 3_456));
    assertTooLarge("a progressive JPEG of 6000 x 4000 x 3 takes 144", progressive(6_000, 4_000));
  }

  private static Bytes progressive(int width, int height) {
    byte[] data = TestPictures.jpegClaiming(JPEG, width, height).toArray();
    int at = 2;
    while (data[at + 1] != (byte) 0xC0) {
      at += 2 + Marker.u16(data, at + 2);
    }
    data[at + 1] = (byte) 0xC2;
    data[TestPictures.scanStart(Bytes.wrap(data)) - 2] = 0; // only DC coefficients
    return Bytes.wrap(data);
  }

  @Test
  void decode_tooManyScans_isRejected() throws Exception {
    DecodeLimits limits = new DecodeLimits(1_000);

    limits.requireScans(64, 100);
    limits.requireScans(8, 1_000);
    assertEquals(
        ReplyError.UNSUPPORTED,
        assertThrows(ImageRejectedException.class, () -> limits.requireScans(65, 1)).error());
    assertEquals(
        ReplyError.TOO_LARGE,
        assertThrows(ImageRejectedException.class, () -> limits.requireScans(9, 1_000)).error());
  }

  /** Asserts that the size is accepted: the rejection is for missing data instead. */
  private static void assertEnds(Bytes image) {
    assertRejected(ReplyError.DAMAGED, "image data ", image);
  }

  private static void assertTooLarge(String message, Bytes image) {
    assertRejected(ReplyError.TOO_LARGE, message, image);
  }

  private static void assertRejected(ReplyError error, String message, Bytes image) {
    ImageRejectedException rejection =
        assertThrows(
            ImageRejectedException.class, () -> new ImageDecoder(MAX_PIXELS).decode(image));
    assertEquals(error, rejection.error(), rejection.getMessage());
    assertTrue(rejection.getMessage().contains(message), rejection.getMessage());
  }
}
