package chorale.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.Bytes;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Compares with stored references from PyTorch, written by {@code
 * variants/training/preprocess_reference.py} with the resize that is used in training.
 */
final class ResizeTest {
  /**
   * For values from -1 to 1; a step of 8 bits is 78 times as large. Measured difference: below
   * 1e-6.
   */
  private static final float TOLERANCE = 1e-4f;

  private static final int SIZE = 96;

  private final ImageDecoder decoder = new ImageDecoder(1_000_000);

  @ParameterizedTest
  @ValueSource(strings = {"landscape", "portrait", "tiny", "gray"})
  void apply_storedReference_isEqual(String name) throws Exception {
    Bytes image = resource(name + ".png");
    FloatBuffer expected =
        resource(name + "-96.f32").buffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();

    assertClose(expected, resized(new Resize(SIZE, SIZE), decoder.decode(image)));
  }

  @Test
  void apply_afterOtherSizes_isEqual() throws Exception {
    Resize resize = new Resize(SIZE, SIZE);
    for (String name : new String[] {"landscape", "tiny", "portrait", "landscape"}) {
      FloatBuffer expected =
          resource(name + "-96.f32").buffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
      assertClose(expected, resized(resize, decoder.decode(resource(name + ".png"))));
    }
  }

  @Test
  void apply_extremeShapes_keepAUniformColor() throws Exception {
    int[][] shapes = {{1, 1}, {1, 3_000}, {3_000, 1}, {2, 95}, {96, 96}, {97, 500}};
    for (int[] shape : shapes) {
      Bytes image =
          TestPictures.encoded(
              "png", TestPictures.plain(shape[0], shape[1], new Color(255, 0, 51)));
      FloatBuffer planes = resized(new Resize(SIZE, SIZE), decoder.decode(image));
      int plane = SIZE * SIZE;
      for (int i = 0; i < plane; i++) {
        assertEquals(1, planes.get(i), 1e-5f);
        assertEquals(-1, planes.get(plane + i), 1e-5f);
        assertEquals(-.6f, planes.get(2 * plane + i), 1e-5f);
      }
    }
  }

  @Test
  void apply_twoLengths_axesAreIndependent() throws Exception {
    BufferedImage across = new BufferedImage(300, 50, BufferedImage.TYPE_BYTE_GRAY);
    BufferedImage down = new BufferedImage(50, 300, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 300; i++) {
      for (int j = 0; j < 50; j++) {
        across.getRaster().setSample(i, j, 0, i * i % 256);
        down.getRaster().setSample(j, i, 0, i * i % 256);
      }
    }
    FloatBuffer square = direct(3 * 20 * 20);
    new Resize(20, 20).apply(decoder.decode(TestPictures.encoded("png", across)), square);
    FloatBuffer wide = direct(3 * 20 * 7);
    new Resize(20, 7).apply(decoder.decode(TestPictures.encoded("png", across)), wide);
    FloatBuffer tall = direct(3 * 7 * 20);
    new Resize(7, 20).apply(decoder.decode(TestPictures.encoded("png", down)), tall);

    for (int plane = 0; plane < 3; plane++) {
      for (int i = 0; i < 20; i++) {
        float expected = square.get(plane * 400 + i);
        for (int j = 0; j < 7; j++) {
          assertEquals(expected, wide.get(plane * 140 + j * 20 + i), 1e-5f);
          assertEquals(expected, tall.get(plane * 140 + i * 7 + j), 1e-5f);
        }
      }
    }
  }

  @Test
  void apply_manyHeights_keepsTheWeightsInUse() throws Exception {
    Resize resize = new Resize(4, 4);
    for (int height = 1; height <= 40; height++) {
      Bytes image = TestPictures.encoded("png", TestPictures.plain(7, height, Color.WHITE));
      FloatBuffer planes = direct(3 * 4 * 4);
      resize.apply(decoder.decode(image), planes);
      assertEquals(1, planes.get(47), 1e-5f);
    }
  }

  /**
   * Resizing before the conversion from luma and chroma gives nearly the same result as after it.
   */
  @Test
  void apply_jpeg_isCloseToResizeInRgb() throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    BufferedImage image = new BufferedImage(90, 60, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 90 * 60; i++) {
      image.setRGB(i % 90, i / 90, random.nextInt());
    }
    Bytes jpeg = TestPictures.encoded("jpeg", image);
    Bytes colors =
        TestPictures.encoded("png", ImageIO.read(new ByteArrayInputStream(jpeg.toArray())));
    int[][] sizes = {{90, 60}, {90, 31}, {47, 60}, {25, 21}, {130, 133}};
    for (int[] size : sizes) {
      FloatBuffer ours = direct(3 * size[0] * size[1]);
      FloatBuffer expected = direct(3 * size[0] * size[1]);
      Resize resize = new Resize(size[0], size[1]);
      resize.apply(decoder.decode(jpeg), ours);
      resize.apply(decoder.decode(colors), expected);
      boolean same = size[0] == 90 && size[1] == 60;
      double worst = 0;
      double sum = 0;
      for (int i = 0; i < ours.capacity(); i++) {
        double difference = Math.abs(ours.get(i) - expected.get(i));
        worst = Math.max(worst, difference);
        sum += difference;
      }
      String which = "seed " + seed + ", " + size[0] + " x " + size[1];
      // The reference rounds before the sums, and sometimes clamps a color before instead of after
      // them.
      assertTrue(worst <= (same ? 1.1 : 64) / 127.5, which + " differs by up to " + worst);
      assertTrue(sum / ours.capacity() <= 1.5 / 127.5, which + " differs by " + sum + " in all");
    }
  }

  private static FloatBuffer resized(Resize resize, Pixels pixels) {
    FloatBuffer planes = direct(3 * SIZE * SIZE);
    resize.apply(pixels, planes);
    return planes;
  }

  private static FloatBuffer direct(int floats) {
    return ByteBuffer.allocateDirect(floats * Float.BYTES)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  private static void assertClose(FloatBuffer expected, FloatBuffer actual) {
    assertEquals(expected.capacity(), actual.capacity());
    float worst = 0;
    for (int i = 0; i < expected.capacity(); i++) {
      worst = Math.max(worst, Math.abs(expected.get(i) - actual.get(i)));
    }
    assertTrue(worst <= TOLERANCE, "differs by up to " + worst);
  }

  private static Bytes resource(String name) throws IOException {
    try (InputStream in = ResizeTest.class.getResourceAsStream("/references/" + name)) {
      return Bytes.wrap(in.readAllBytes());
    }
  }
}
