package chorale.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.Bytes;
import java.awt.Color;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;

final class CanvasTest {
  private final ImageDecoder decoder = new ImageDecoder(1 << 24);

  @Test
  void put_smallImage_keepsEveryPixel() {
    Canvas canvas = new Canvas(2, 2, 3);
    canvas.put(0, new byte[] {1, 2, 3, 4, 5, 6}, 0);
    canvas.put(1, new byte[] {0, 7, 8, 9, 10, 11, 12}, 1);

    assertEquals(2, canvas.pixels().width());
    assertEquals(10, TestPictures.row(canvas.pixels(), 1)[1]);
  }

  @Test
  void put_longImage_keepsMeansOfBlocks() {
    Canvas canvas = new Canvas(8_193, 2, 1);
    byte[] row = new byte[8_193];
    for (int x = 0; x < row.length; x++) {
      row[x] = (byte) (x % 2 * 100);
    }
    row[8_192] = 40;
    canvas.put(0, row, 0);
    canvas.put(1, row, 0);
    Pixels pixels = canvas.pixels();

    assertEquals(4_097, pixels.width());
    assertEquals(2, pixels.height());
    assertEquals(50, TestPictures.row(pixels, 1)[4_095]);
    assertEquals(40, TestPictures.row(pixels, 1)[4_096], "a block of one pixel");
  }

  @Test
  void put_repeatedRows_theLastOnesCount() {
    Canvas canvas = new Canvas(1, 20_000, 1);
    for (int pass = 0; pass < 2; pass++) {
      for (int y = 0; y < 20_000; y++) {
        canvas.put(y, new byte[] {(byte) (pass == 0 ? 9 : y / 200)}, 0);
      }
    }
    Pixels pixels = canvas.pixels();

    assertEquals(6_667, pixels.height());
    assertEquals(0, TestPictures.row(pixels, 0)[0]);
    assertEquals(99, TestPictures.row(pixels, 6_666)[0]);
  }

  @Test
  void decode_largeImages_areCloseToOneStepResize() throws Exception {
    Bytes png = TestPictures.encoded("png", TestPictures.scene(9_000, 60));
    Bytes jpeg = TestPictures.encoded("jpeg", TestPictures.scene(9_000, 60));
    Bytes progressive = TestPictures.progressive(TestPictures.scene(9_000, 60));

    FloatBuffer expected = whole();
    for (Bytes image : new Bytes[] {png, jpeg, progressive}) {
      assertEquals(4_500, decoder.decode(image).width());
      FloatBuffer actual = resized(image);
      double sum = 0;
      for (int i = 0; i < actual.capacity(); i++) {
        sum += Math.abs(expected.get(i) - actual.get(i));
      }
      double allowed = image.equals(png) ? 0.002 : 0.04; // loss of JPEG compression
      assertTrue(sum / actual.capacity() < allowed, "differs by " + sum / actual.capacity());
    }
  }

  @Test
  void decode_largeGrayJpeg_isGray() throws Exception {
    int side = 2_100;
    HandMadeJpeg jpeg = new HandMadeJpeg(side, side, 0).blocks(263 * 263);
    Pixels pixels = decoder.decode(jpeg.finished());

    assertTrue(pixels.width() < side);
    assertEquals(128, TestPictures.row(pixels, pixels.height() - 1)[pixels.width() - 1]);
  }

  @Test
  void decode_longJpeg_isDecoded() throws Exception {
    Bytes image =
        TestPictures.encoded("jpeg", TestPictures.plain(20_000, 1, new Color(9, 99, 199)));
    Pixels pixels = decoder.decode(image);
    float[] row = TestPictures.row(pixels, 0);

    assertEquals(6_667, pixels.width());
    assertEquals(9, row[6_666], 4);
    assertEquals(199, row[3 * 6_667 - 1], 4);
  }

  /** Returns the same scene resized in one step, without box means. */
  private static FloatBuffer whole() {
    byte[] samples = new byte[3 * 9_000 * 60];
    int[] colors = TestPictures.scene(9_000, 60).getRGB(0, 0, 9_000, 60, null, 0, 9_000);
    for (int i = 0; i < colors.length; i++) {
      samples[3 * i] = (byte) (colors[i] >> 16);
      samples[3 * i + 1] = (byte) (colors[i] >> 8);
      samples[3 * i + 2] = (byte) colors[i];
    }
    FloatBuffer planes = FloatBuffer.allocate(3 * 96 * 96);
    new Resize(96, 96).apply(Pixels.packed(samples, 9_000, 60, 3), planes);
    return planes;
  }

  private FloatBuffer resized(Bytes image) throws ImageRejectedException {
    FloatBuffer planes = FloatBuffer.allocate(3 * 96 * 96);
    new Resize(96, 96).apply(decoder.decode(image), planes);
    return planes;
  }
}
