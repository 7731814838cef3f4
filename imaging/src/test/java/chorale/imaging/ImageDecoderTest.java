package chorale.imaging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.Bytes;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ImageDecoderTest {
  private static final int MAX_PIXELS = 1_000_000;

  private final ImageDecoder decoder = new ImageDecoder(MAX_PIXELS);

  @Test
  void decode_rgbPng_isExact() throws Exception {
    BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_3BYTE_BGR);
    image.setRGB(2, 1, 0x0A141E);

    assertRow(decoder.decode(TestPictures.encoded("png", image)), 1, "0 0 10, 0 0 20, 0 0 30");
  }

  @Test
  void decode_grayPng_keepsItsStoredValue() throws Exception {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setSample(0, 0, 0, 128);

    assertRow(decoder.decode(TestPictures.encoded("png", image)), 0, "128 0, 128 0, 128 0");
  }

  @Test
  void decode_sixteenBitGrayPng_isCutToEight() throws Exception {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
    image.getRaster().setSample(0, 0, 0, 0x80FF);
    image.getRaster().setSample(1, 0, 0, 0xFFFF);

    assertRow(decoder.decode(TestPictures.encoded("png", image)), 0, "128 255, 128 255, 128 255");
  }

  @Test
  void decode_blackAndWhitePng_isLookedUp() throws Exception {
    BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_BYTE_BINARY);
    image.setRGB(1, 0, 0xFFFFFF);

    assertRow(decoder.decode(TestPictures.encoded("png", image)), 0, "0 255 0, 0 255 0, 0 255 0");
  }

  @Test
  void decode_palettePng_isLookedUp() throws Exception {
    byte[] red = {10, 40};
    byte[] green = {20, 50};
    byte[] blue = {30, 60};
    BufferedImage image =
        new BufferedImage(
            2, 1, BufferedImage.TYPE_BYTE_INDEXED, new IndexColorModel(8, 2, red, green, blue));
    image.getRaster().setSample(1, 0, 0, 1);

    assertRow(decoder.decode(TestPictures.encoded("png", image)), 0, "10 40, 20 50, 30 60");
  }

  @Test
  void decode_translucentPng_isCompositedOverWhite() throws Exception {
    BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0xFFC86432);
    image.setRGB(1, 0, 0x80C86432);
    image.setRGB(2, 0, 0x00C86432);

    assertRow(
        decoder.decode(TestPictures.encoded("png", image)),
        0,
        "200 227 255, 100 177 255, 50 152 255");
  }

  @Test
  void decode_jpeg_isCloseToTheOriginal() throws Exception {
    for (int width : new int[] {40, 140}) {
      Bytes jpeg =
          TestPictures.encoded("jpeg", TestPictures.plain(width, 30, new Color(200, 100, 50)));
      Pixels pixels = decoder.decode(jpeg);

      float[] row = TestPictures.row(pixels, 15);
      assertEquals(width, pixels.width());
      assertEquals(30, pixels.height());
      assertEquals(200, row[20], 4);
      assertEquals(100, row[width + 20], 4);
      assertEquals(50, row[2 * width + 20], 4);
    }
  }

  @Test
  void decode_smallJpeg_isConverted() throws Exception {
    Bytes jpeg = TestPictures.encoded("jpeg", TestPictures.plain(64, 63, Color.RED));

    assertFalse(decoder.decode(jpeg).isLumaChroma());
  }

  @Test
  void decode_rgbJpeg_isNotConvertedFromLumaAndChroma() throws Exception {
    Bytes jpeg = TestPictures.encoded("jpeg", TestPictures.plain(64, 64, new Color(200, 100, 50)));

    assertTrue(decoder.decode(jpeg).isLumaChroma());
    byte[] adobe = {'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0};
    Bytes bare = TestPictures.without(jpeg, 0xE0);
    assertFalse(decoder.decode(TestPictures.withSegment(bare, 0xEE, adobe)).isLumaChroma());
    assertFalse(decoder.decode(TestPictures.numbered(jpeg, 'R', 'G', 'B')).isLumaChroma());
  }

  @Test
  void decode_grayJpeg_hasThreeEqualPlanes() throws Exception {
    BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setSamples(0, 0, 16, 16, 0, filled(256, 128));

    float[] row = TestPictures.row(decoder.decode(TestPictures.encoded("jpeg", image)), 8);
    assertEquals(128, row[8], 2);
    assertArrayEquals(Arrays.copyOfRange(row, 0, 16), Arrays.copyOfRange(row, 32, 48));
  }

  @Test
  void decode_everyExifOrientation_isUpright() throws Exception {
    // Bright left half and bright lower right quarter: all orientations differ.
    BufferedImage upright = TestPictures.plain(96, 48, Color.BLACK);
    for (int y = 0; y < 48; y++) {
      for (int x = 0; x < 96; x++) {
        upright.setRGB(x, y, x < 48 ? 0xFF0000 : y < 24 ? 0x00FF00 : 0x0000FF);
      }
    }
    for (int orientation = 1; orientation <= 8; orientation++) {
      Bytes stored = TestPictures.encoded("jpeg", asStored(upright, orientation));
      for (byte[] exif :
          List.of(
              TestPictures.exif(orientation, true),
              TestPictures.exif(orientation, false),
              TestPictures.exifOf(1, orientation),
              TestPictures.exifOf(4, orientation))) {
        Pixels pixels = decoder.decode(TestPictures.withApp1(stored, exif));
        String which = "orientation " + orientation;
        assertEquals(96, pixels.width(), which);
        assertEquals(48, pixels.height(), which);
        assertEquals("r g", brightest(pixels, 10), which);
        assertEquals("r b", brightest(pixels, 40), which);
      }
    }
  }

  /** Returns the stored image whose Exif orientation yields the given upright image. */
  private static BufferedImage asStored(BufferedImage upright, int orientation) {
    int w = upright.getWidth();
    int h = upright.getHeight();
    boolean turned = orientation >= 5;
    BufferedImage stored =
        new BufferedImage(turned ? h : w, turned ? w : h, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        // Row 0 and column 0 of the stored image appear upright as: 1 top/left, 2 top/right, 3
        // bottom/right, 4 bottom/left, 5 left/top, 6 right/top, 7 right/bottom, 8 left/bottom.
        int fromRight = w - 1 - x;
        int fromBottom = h - 1 - y;
        int rgb = upright.getRGB(x, y);
        switch (orientation) {
          case 1 -> stored.setRGB(x, y, rgb);
          case 2 -> stored.setRGB(fromRight, y, rgb);
          case 3 -> stored.setRGB(fromRight, fromBottom, rgb);
          case 4 -> stored.setRGB(x, fromBottom, rgb);
          case 5 -> stored.setRGB(y, x, rgb);
          case 6 -> stored.setRGB(y, fromRight, rgb);
          case 7 -> stored.setRGB(fromBottom, fromRight, rgb);
          default -> stored.setRGB(fromBottom, x, rgb);
        }
      }
    }
    return stored;
  }

  private static String brightest(Pixels pixels, int y) {
    float[] row = TestPictures.row(pixels, y);
    return channel(row, pixels.width(), 12) + " " + channel(row, pixels.width(), 78);
  }

  private static String channel(float[] row, int width, int x) {
    float red = row[x];
    float green = row[width + x];
    float blue = row[2 * width + x];
    return red > green && red > blue ? "r" : green > blue ? "g" : "b";
  }

  @Test
  void decode_invalidExif_isIgnored() throws Exception {
    Bytes jpeg = TestPictures.jpeg(Color.RED);
    byte[] farAway = TestPictures.exif(6, true);
    Arrays.fill(farAway, 10, 14, (byte) 0xFF);
    byte[] manyEntries = TestPictures.exif(6, true);
    manyEntries[14] = (byte) 0xFF;
    manyEntries[15] = (byte) 0xFF;
    manyEntries[16] = 0;
    for (byte[] exif :
        List.of(
            TestPictures.exif(9, true),
            TestPictures.exif(0, false),
            farAway,
            manyEntries,
            Arrays.copyOf(TestPictures.exif(6, true), 12),
            new byte[0])) {
      assertEquals(40, decoder.decode(TestPictures.withApp1(jpeg, exif)).width());
    }
  }

  /** Compares a row; the expected planes are separated by commas. */
  private static void assertRow(Pixels pixels, int y, String expected) {
    StringBuilder text = new StringBuilder();
    float[] row = TestPictures.row(pixels, y);
    for (int i = 0; i < row.length; i++) {
      text.append(i == 0 ? "" : i % pixels.width() == 0 ? ", " : " ").append((int) row[i]);
    }
    assertEquals(expected, text.toString());
  }

  private static int[] filled(int length, int value) {
    int[] values = new int[length];
    Arrays.fill(values, value);
    return values;
  }
}
