package chorale.imaging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.Bytes;
import chorale.protocol.ReplyError;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
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
  void decode_translucentPng_liesOverBlack() throws Exception {
    BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0xFFC86432);
    image.setRGB(1, 0, 0x80C86432);
    image.setRGB(2, 0, 0x00C86432);

    assertRow(
        decoder.decode(TestPictures.encoded("png", image)), 0, "200 100 0, 100 50 0, 50 25 0");
  }

  @Test
  void decode_jpeg_isCloseToWhatWasDrawn() throws Exception {
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
  void decode_jpegOfRgb_isNotTakenForLumaAndChroma() throws Exception {
    Bytes jpeg = TestPictures.encoded("jpeg", TestPictures.plain(64, 64, new Color(200, 100, 50)));

    assertTrue(decoder.decode(jpeg).isLumaChroma());
    byte[] adobe = {'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 1};
    assertFalse(decoder.decode(TestPictures.withSegment(jpeg, 0xEE, adobe)).isLumaChroma());
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
    // Bright on the left half, and a bright lower right quarter: each orientation differs.
    BufferedImage upright = TestPictures.plain(96, 48, Color.BLACK);
    for (int y = 0; y < 48; y++) {
      for (int x = 0; x < 96; x++) {
        upright.setRGB(x, y, x < 48 ? 0xFF0000 : y < 24 ? 0x00FF00 : 0x0000FF);
      }
    }
    for (int orientation = 1; orientation <= 8; orientation++) {
      Bytes stored = TestPictures.encoded("jpeg", asStored(upright, orientation));
      for (boolean little : new boolean[] {true, false}) {
        Pixels pixels =
            decoder.decode(TestPictures.withApp1(stored, TestPictures.exif(orientation, little)));
        String which = "orientation " + orientation;
        assertEquals(96, pixels.width(), which);
        assertEquals(48, pixels.height(), which);
        assertEquals("r g", brightest(pixels, 10), which);
        assertEquals("r b", brightest(pixels, 40), which);
      }
    }
  }

  /** What the sensor held, so that a viewer who obeys the tag sees the upright picture (Exif). */
  private static BufferedImage asStored(BufferedImage upright, int orientation) {
    int w = upright.getWidth();
    int h = upright.getHeight();
    boolean turned = orientation >= 5;
    BufferedImage stored =
        new BufferedImage(turned ? h : w, turned ? w : h, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        // Row 0 and column 0 of what is stored are, when seen upright: 1 top/left, 2 top/right,
        // 3 bottom/right, 4 bottom/left, 5 left/top, 6 right/top, 7 right/bottom, 8 left/bottom.
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
  void decode_nonsenseInExif_isIgnored() throws Exception {
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

  @Test
  void decode_hugeClaims_areTooLargeBeforeDecoding() {
    Bytes jpeg = TestPictures.jpeg(Color.RED);
    Bytes png = TestPictures.encoded("png", TestPictures.plain(4, 4, Color.RED));

    assertRejected(ReplyError.TOO_LARGE, TestPictures.jpegClaiming(jpeg, 10_000, 10_000));
    assertRejected(ReplyError.TOO_LARGE, TestPictures.pngClaiming(png, 10_000, 10_000));
    assertRejected(ReplyError.TOO_LARGE, TestPictures.pngClaiming(png, Integer.MAX_VALUE, 2));
    assertRejected(
        ReplyError.TOO_LARGE, TestPictures.pngClaiming(png, ImageDecoder.MAX_SIDE + 1, 1));
  }

  @Test
  void decode_onePixelMoreThanAllowed_isTooLarge() throws Exception {
    Bytes image = TestPictures.encoded("png", TestPictures.plain(20, 10, Color.RED));

    assertEquals(20, new ImageDecoder(200).decode(image).width());
    assertEquals(
        ReplyError.TOO_LARGE,
        assertThrows(ImageRejectedException.class, () -> new ImageDecoder(199).decode(image))
            .error());
  }

  @Test
  void decode_fourComponentJpeg_isUnsupported() throws IOException {
    WritableRaster cmyk =
        Raster.createInterleavedRaster(java.awt.image.DataBuffer.TYPE_BYTE, 16, 16, 4, null);

    assertRejected(ReplyError.UNSUPPORTED, TestPictures.jpegOf(cmyk));
  }

  @Test
  void decode_tooManyScans_isUnsupported() {
    byte[] scan = {(byte) 0xFF, (byte) 0xDA, 0, 2};
    byte[] jpeg = TestPictures.jpeg(Color.RED).toArray();
    byte[] more = Arrays.copyOf(jpeg, jpeg.length + scan.length * ImageDecoder.MAX_SCANS);
    for (int i = jpeg.length; i < more.length; i++) {
      more[i] = scan[(i - jpeg.length) % scan.length];
    }

    assertRejected(ReplyError.UNSUPPORTED, Bytes.wrap(more));
  }

  @Test
  void decode_otherFormats_areUnsupported() {
    assertRejected(
        ReplyError.UNSUPPORTED, TestPictures.encoded("gif", TestPictures.plain(4, 4, Color.RED)));
    assertRejected(
        ReplyError.UNSUPPORTED, TestPictures.encoded("bmp", TestPictures.plain(4, 4, Color.RED)));
    assertRejected(ReplyError.UNSUPPORTED, Bytes.utf8("hello"));
    assertRejected(ReplyError.UNSUPPORTED, Bytes.wrap(new byte[] {(byte) 0xFF}));
  }

  @Test
  void decode_cutInItsHeader_isBad() {
    Bytes jpeg = TestPictures.jpeg(Color.RED);
    Bytes png = TestPictures.encoded("png", TestPictures.plain(64, 64, Color.RED));

    assertRejected(ReplyError.BAD_IMAGE, Bytes.wrap(Arrays.copyOf(jpeg.toArray(), 60)));
    assertRejected(ReplyError.BAD_IMAGE, Bytes.wrap(Arrays.copyOf(jpeg.toArray(), 3)));
    assertRejected(ReplyError.BAD_IMAGE, Bytes.wrap(Arrays.copyOf(png.toArray(), 20)));
    assertRejected(ReplyError.BAD_IMAGE, Bytes.wrap(Arrays.copyOf(png.toArray(), png.size() / 2)));
  }

  @Test
  void decode_randomlyChangedFiles_endInPixelsOrARejection() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    BufferedImage image = new BufferedImage(48, 32, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 48 * 32; i++) {
      image.setRGB(i % 48, i / 48, random.nextInt());
    }
    Bytes jpeg =
        TestPictures.withApp1(TestPictures.encoded("jpeg", image), TestPictures.exif(6, true));
    for (Bytes original : List.of(jpeg, TestPictures.encoded("png", image))) {
      for (int i = 0; i < 1_000; i++) {
        byte[] changed = original.toArray();
        for (int n = random.nextInt(8); n >= 0; n--) {
          int range = random.nextBoolean() ? Math.min(200, changed.length) : changed.length;
          changed[random.nextInt(range)] = (byte) random.nextInt();
        }
        if (random.nextInt(4) == 0) {
          changed = Arrays.copyOf(changed, random.nextInt(changed.length));
        }
        tryOne(Bytes.wrap(changed), "seed " + seed + ", change " + i);
      }
    }
  }

  private void tryOne(Bytes image, String which) {
    try {
      Pixels pixels = decoder.decode(image);
      float[] row = new float[3 * pixels.width()];
      for (int y = 0; y < pixels.height(); y++) {
        pixels.copyRow(y, row);
      }
    } catch (ImageRejectedException expected) {
      assertEquals(true, expected.getMessage() != null, which);
    } catch (RuntimeException | Error e) {
      throw new AssertionError(which, e);
    }
  }

  private void assertRejected(ReplyError error, Bytes image) {
    ImageRejectedException rejection =
        assertThrows(ImageRejectedException.class, () -> decoder.decode(image));
    assertEquals(error, rejection.error(), rejection.getMessage());
  }

  /** Planes parted by commas. */
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
