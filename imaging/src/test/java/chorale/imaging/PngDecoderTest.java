package chorale.imaging;

import static chorale.imaging.Rejections.assertDamaged;
import static chorale.imaging.Rejections.assertRejected;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import chorale.protocol.Bytes;
import chorale.protocol.ReplyError;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PngDecoderTest {
  private static final Bytes SCENE = TestPictures.encoded("png", TestPictures.scene(64, 48));

  /** Start and length of the content of IDAT. */
  private static final int IDAT = 41;

  private final ImageDecoder decoder = new ImageDecoder(1_000_000);

  @Test
  void decode_gray_ofAllDepths() throws Exception {
    assertGray(new TestPng(4, 1, 1, 0, false).rows(0, 0b01100000), 0, 255, 255, 0);
    assertGray(new TestPng(4, 1, 2, 0, false).rows(0, 0b00011011), 0, 85, 170, 255);
    assertGray(new TestPng(3, 1, 4, 0, false).rows(0, 0x07, 0xF0), 0, 119, 255);
    assertGray(new TestPng(2, 1, 8, 0, false).rows(0, 128, 7), 128, 7);
    assertGray(new TestPng(2, 1, 16, 0, false).rows(0, 128, 255, 7, 0), 128, 7);
  }

  @Test
  void decode_transparency_isCompositedOverWhite() throws Exception {
    assertGray(new TestPng(3, 1, 8, 4, false).rows(0, 100, 255, 100, 0, 100, 51), 100, 255, 224);
    assertGray(
        new TestPng(2, 1, 8, 0, false).chunk("tRNS", new byte[] {0, 9}).rows(0, 9, 8), 255, 8);
    assertGray(
        new TestPng(2, 1, 16, 0, false).chunk("tRNS", new byte[] {9, 1}).rows(0, 9, 1, 9, 0),
        255,
        9);
    assertColors(new TestPng(1, 1, 8, 6, false).rows(0, 200, 100, 0, 51), 244, 224, 204);
    assertColors(
        new TestPng(1, 1, 16, 6, false).rows(0, 200, 1, 100, 1, 0, 1, 51, 1), 244, 224, 204);
    TestPng rgb = new TestPng(2, 1, 8, 2, false).chunk("tRNS", new byte[] {0, 1, 0, 2, 0, 3});
    assertColors(rgb.rows(0, 1, 2, 3, 1, 2, 4), 255, 255, 255, 1, 2, 4);
    TestPng palette =
        new TestPng(3, 1, 8, 3, false)
            .chunk("PLTE", new byte[] {10, 20, 30, 40, 50, 60})
            .chunk("tRNS", new byte[] {0});
    assertColors(palette.rows(0, 0, 1, 2), 255, 255, 255, 40, 50, 60, 0, 0, 0);
  }

  @Test
  void decode_sixteenBits_areCutToEight() throws Exception {
    assertColors(new TestPng(1, 1, 16, 2, false).rows(0, 1, 255, 2, 255, 3, 255), 1, 2, 3);
  }

  @Test
  void decode_filters_areUndone() throws Exception {
    TestPng png = new TestPng(3, 5, 8, 0, false);
    png.rows(1, 10, 5, 5, 2, 1, 1, 1, 0, 10, 10, 10, 3, 5, 5, 5, 4, 1, 2, 3);
    Pixels pixels = decoder.decode(png.finished());

    assertArrayEquals(new int[] {10, 15, 20}, first(pixels, 0));
    assertArrayEquals(new int[] {11, 16, 21}, first(pixels, 1));
    assertArrayEquals(new int[] {10, 10, 10}, first(pixels, 2));
    assertArrayEquals(new int[] {10, 15, 17}, first(pixels, 3));
    // Paeth: above 10; then left 11, above 15, corner 10: 15; then left 17, above 17, corner 15: 17
    assertArrayEquals(new int[] {11, 17, 20}, first(pixels, 4));
  }

  @Test
  void decode_interlaced_equalsNonInterlaced() throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    int[][] forms = {{0, 1}, {0, 8}, {0, 16}, {2, 8}, {2, 16}, {4, 8}, {6, 8}, {6, 16}};
    for (int i = 0; i < 60; i++) {
      int width = 1 + random.nextInt(20);
      int height = 1 + random.nextInt(20);
      int[] form = forms[i % forms.length];
      int bits = new PngHeader(1, 1, form[1], form[0], false).channels() * form[1];
      int[][] pixels = new int[height][width * bits];
      for (int[] row : pixels) {
        Arrays.setAll(row, bit -> random.nextInt(2));
      }
      TestPng plain = new TestPng(width, height, form[1], form[0], false);
      TestPng laced = new TestPng(width, height, form[1], form[0], true);
      plain.rows(pass(pixels, bits, new int[] {0, 0, 1, 1}), 1_000);
      ByteArrayOutputStream passes = new ByteArrayOutputStream();
      int[][] adam7 = {
        {0, 0, 8, 8},
        {4, 0, 8, 8},
        {0, 4, 4, 8},
        {2, 0, 4, 4},
        {0, 2, 2, 4},
        {1, 0, 2, 2},
        {0, 1, 1, 2}
      };
      for (int[] pass : adam7) {
        passes.writeBytes(pass(pixels, bits, pass));
      }
      laced.rows(passes.toByteArray(), 1_000);
      String which = "seed " + seed + ", " + width + " x " + height + ", kind " + form[0];
      Pixels expected = decoder.decode(plain.finished());
      Pixels actual = decoder.decode(laced.finished());
      for (int y = 0; y < height; y++) {
        assertArrayEquals(
            TestPictures.row(expected, y), TestPictures.row(actual, y), which + ", row " + y);
      }
    }
  }

  /** The rows of a pass without filters. */
  private static byte[] pass(int[][] pixels, int bits, int[] pass) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int y = pass[1]; y < pixels.length; y += pass[3]) {
      StringBuilder row = new StringBuilder();
      for (int x = pass[0]; x < pixels[y].length / bits; x += pass[2]) {
        for (int i = 0; i < bits; i++) {
          row.append(pixels[y][x * bits + i]);
        }
      }
      if (row.length() > 0) {
        out.write(0);
        row.append("0".repeat((8 - row.length() % 8) % 8));
        for (int i = 0; i < row.length(); i += 8) {
          out.write(Integer.parseInt(row.substring(i, i + 8), 2));
        }
      }
    }
    return out.toByteArray();
  }

  @Test
  void decode_manySmallChunks_isTheSame() throws Exception {
    byte[] rows = new byte[49 * 48];
    new Random(1).nextBytes(rows);
    for (int y = 0; y < 48; y++) {
      rows[y * 49] = (byte) (y % 5);
    }
    Pixels whole = decoder.decode(new TestPng(48, 48, 8, 0, false).rows(rows, 1 << 20).finished());
    Pixels parts = decoder.decode(new TestPng(48, 48, 8, 0, false).rows(rows, 1).finished());

    for (int y = 0; y < 48; y++) {
      assertArrayEquals(TestPictures.row(whole, y), TestPictures.row(parts, y));
    }
  }

  @Test
  void decode_exifOrientation_isApplied() throws Exception {
    byte[] exif = TestPictures.exif(6, false);
    byte[] bare = Arrays.copyOfRange(exif, 6, exif.length);
    for (byte[] content : new byte[][] {exif, bare}) {
      TestPng before = new TestPng(3, 1, 8, 0, false).chunk("eXIf", content).rows(0, 1, 2, 3);
      TestPng behind = new TestPng(3, 1, 8, 0, false).rows(0, 1, 2, 3).chunk("eXIf", content);
      assertEquals(3, decoder.decode(before.finished()).height());
      assertEquals(3, decoder.decode(behind.finished()).height());
    }
  }

  @Test
  void decode_withoutIend_isDecoded() throws Exception {
    assertEquals(
        2, decoder.decode(new TestPng(2, 1, 8, 0, false).rows(0, 1, 2).unfinished()).width());
  }

  @Test
  void decode_cutAnywhere_isDamaged() {
    for (int size = IDAT; size < SCENE.size() - 40; size += 50) {
      assertDamaged("image data ends at row ", Bytes.wrap(Arrays.copyOf(SCENE.toArray(), size)));
    }
    for (int size = 9; size < 33; size++) {
      assertRejected(
          ReplyError.BAD_IMAGE, "a PNG", Bytes.wrap(Arrays.copyOf(SCENE.toArray(), size)));
    }
  }

  @Test
  void decode_anyBitChanged_isDamaged() {
    for (int at = IDAT + 4; at < SCENE.size() - 16; at += 29) {
      byte[] data = SCENE.toArray();
      data[at] ^= 8;
      assertDamaged("image data does not match its checksum at row 0 of 48", Bytes.wrap(data));
    }
  }

  @Test
  void decode_checksumsOfOtherChunks_matterOnlyForUsedChunks() throws Exception {
    byte[] header = SCENE.toArray();
    header[29] ^= 1;
    assertDamaged("the header of the PNG does not match", Bytes.wrap(header));

    byte[] text =
        new TestPng(2, 1, 8, 0, false)
            .chunk("tEXt", new byte[5])
            .rows(0, 1, 2)
            .finished()
            .toArray();
    text[33 + 8] ^= 1;
    assertEquals(2, decoder.decode(Bytes.wrap(text)).width());

    byte[] palette =
        new TestPng(2, 1, 8, 3, false)
            .chunk("PLTE", new byte[6])
            .rows(0, 0, 1)
            .finished()
            .toArray();
    palette[33 + 8] ^= 1;
    assertDamaged("the palette or transparency", Bytes.wrap(palette));
  }

  @Test
  void decode_brokenStream_isDamaged() {
    TestPng tooFew = new TestPng(2, 3, 8, 0, false).rows(0, 1, 2, 0, 1, 2);
    assertDamaged("image data ends at row 2 of 3", tooFew.finished());

    TestPng laced = new TestPng(2, 3, 8, 0, true).rows(0, 1, 0, 2, 0, 3);
    assertDamaged("image data ends at row 2 of 3 in pass 6 of 7", laced.finished());

    TestPng noFilter = new TestPng(2, 2, 8, 0, false).rows(0, 1, 2, 5, 1, 2);
    assertDamaged("image data is broken at row 1 of 2", noFilter.finished());

    TestPng noise = new TestPng(2, 2, 8, 0, false).chunk("IDAT", new byte[] {1, 2, 3, 4});
    assertDamaged("image data is broken at row 0 of 2", noise.finished());

    byte[] packed = TestPng.packed(new byte[] {0, 1, 2});
    packed[packed.length - 1] ^= 1;
    TestPng sum = new TestPng(2, 1, 8, 0, false).chunk("IDAT", packed);
    assertDamaged("image data is broken at row ", sum.finished());
  }

  @Test
  void decode_moreRowsThanStated_isDecoded() throws Exception {
    TestPng png = new TestPng(2, 1, 8, 0, false).rows(0, 1, 2, 0, 3, 4, 0, 5, 6);

    assertEquals(1, decoder.decode(png.finished()).height());
  }

  @Test
  void decode_brokenHeaders_areBad() {
    assertRejected(
        ReplyError.BAD_IMAGE, "header is broken", new TestPng(2, 2, 3, 0, false).finished());
    assertRejected(
        ReplyError.BAD_IMAGE, "header is broken", new TestPng(2, 2, 16, 3, false).finished());
    assertRejected(ReplyError.BAD_IMAGE, "0 x 2 pixels", new TestPng(0, 2, 8, 0, false).finished());
    assertRejected(
        ReplyError.BAD_IMAGE, "without image data", new TestPng(2, 2, 8, 0, false).finished());
    assertRejected(
        ReplyError.BAD_IMAGE,
        "without its palette",
        new TestPng(2, 1, 8, 3, false).rows(0, 1, 1).finished());
  }

  @Test
  void decode_pngOfJavasWriter_isExact() throws Exception {
    for (int type :
        new int[] {
          BufferedImage.TYPE_3BYTE_BGR,
          BufferedImage.TYPE_BYTE_GRAY,
          BufferedImage.TYPE_BYTE_INDEXED,
          BufferedImage.TYPE_BYTE_BINARY
        }) {
      BufferedImage image = new BufferedImage(37, 21, type);
      image.getGraphics().drawImage(TestPictures.scene(37, 21), 0, 0, null);
      Pixels pixels = decoder.decode(TestPictures.encoded("png", image));
      for (int y = 0; y < 21; y++) {
        float[] row = TestPictures.row(pixels, y);
        for (int x = 0; x < 37; x++) {
          int expected =
              type == BufferedImage.TYPE_BYTE_GRAY
                  ? image.getRaster().getSample(x, y, 0)
                  : image.getRGB(x, y) & 0xFF;
          assertEquals(expected, row[2 * 37 + x], "type " + type + " at " + x + ", " + y);
        }
      }
    }
  }

  private void assertGray(TestPng png, int... expected) throws Exception {
    assertArrayEquals(expected, first(decoder.decode(png.finished()), 0));
  }

  /** Compares the first row; the expected values are RGB of each pixel. */
  private void assertColors(TestPng png, int... expected) throws Exception {
    Pixels pixels = decoder.decode(png.finished());
    float[] row = new float[3 * pixels.width()];
    pixels.copyRow(0, row);
    int[] actual = new int[row.length];
    Arrays.setAll(actual, i -> (int) row[i]);
    assertArrayEquals(expected, actual);
  }

  private static int[] first(Pixels pixels, int y) {
    float[] row = TestPictures.row(pixels, y);
    int[] values = new int[pixels.width()];
    Arrays.setAll(values, x -> (int) row[x]);
    return values;
  }
}
