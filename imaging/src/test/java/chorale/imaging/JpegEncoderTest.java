package chorale.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.Bytes;
import java.nio.FloatBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JpegEncoderTest {
  private static final int WIDTH = 40;
  private static final int HEIGHT = 24;

  @Test
  void encode_twoColors_areReadBack() throws Exception {
    FloatBuffer planes = planes();
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        planes.put(y * WIDTH + x, x < 16 ? 1 : -.6f); // red: 255, 51
        planes.put((HEIGHT + y) * WIDTH + x, -1); // green: 0
        planes.put((2 * HEIGHT + y) * WIDTH + x, x < 16 ? -1 : .2f); // blue: 0, 153
      }
    }

    Pixels pixels =
        new ImageDecoder(10_000).decode(new JpegEncoder(95).encode(planes, WIDTH, HEIGHT));

    assertEquals(WIDTH, pixels.width());
    assertEquals(HEIGHT, pixels.height());
    float[] row = TestPictures.row(pixels, HEIGHT - 1);
    assertEquals(255, row[0], 4);
    assertEquals(51, row[WIDTH - 1], 4);
    assertEquals(0, row[WIDTH], 4);
    assertEquals(0, row[2 * WIDTH], 4);
    assertEquals(153, row[3 * WIDTH - 1], 4);
  }

  @Test
  void encode_valuesOutOfRange_areClamped() throws Exception {
    FloatBuffer planes = planes();
    for (int i = 0; i < planes.capacity(); i++) {
      planes.put(i, 1.2f);
    }

    Pixels pixels =
        new ImageDecoder(10_000).decode(new JpegEncoder(90).encode(planes, WIDTH, HEIGHT));

    float[] row = TestPictures.row(pixels, 0);
    assertEquals(255, row[0], 2);
  }

  @Test
  void encode_higherQuality_isLargerAndHoldsNoMetadata() throws Exception {
    FloatBuffer planes = planes();
    Random random = new Random(7);
    for (int i = 0; i < planes.capacity(); i++) {
      planes.put(i, random.nextFloat() * 2 - 1);
    }

    Bytes poor = new JpegEncoder(30).encode(planes, WIDTH, HEIGHT);
    Bytes good = new JpegEncoder(90).encode(planes, WIDTH, HEIGHT);

    assertTrue(poor.size() < good.size(), poor.size() + " and " + good.size());
    JpegImage parsed =
        JpegParser.parse(
            good.sharedArray(), 0, new DecodeLimits(WIDTH * HEIGHT), new HuffmanCache());
    assertEquals(1, parsed.orientation());
    assertEquals(3, parsed.frame().components().size());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 101})
  void quality_outOfRange_isRefused(int quality) {
    assertThrows(IllegalArgumentException.class, () -> new JpegEncoder(quality));
  }

  private static FloatBuffer planes() {
    return FloatBuffer.allocate(3 * WIDTH * HEIGHT);
  }
}
