package chorale.imaging;

import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.Bytes;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Fuzzing with thousands of changed files: each yields pixels or a readable rejection. */
final class MutationTest {
  private static final int CHANGES = 1_500;

  private final ImageDecoder decoder = new ImageDecoder(1_000_000);

  @Test
  void decode_randomlyChangedFiles_endInPixelsOrARejection() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Bytes baseline = TestPictures.encoded("jpeg", TestPictures.scene(48, 32));
    Bytes png = TestPictures.encoded("png", TestPictures.scene(48, 32));
    List<Bytes> originals =
        List.of(
            TestPictures.withApp1(baseline, TestPictures.exif(6, true)),
            TestPictures.progressive(TestPictures.scene(48, 32)),
            new HandMadeJpeg(16, 24, 2).blocks(2).align().hex("FFD0").blocks(2).finished(),
            png);
    for (Bytes original : originals) {
      for (int i = 0; i < CHANGES; i++) {
        decode(changed(original, random), "seed " + seed + ", change " + i);
      }
    }
  }

  private static Bytes changed(Bytes original, Random random) {
    byte[] data = original.toArray();
    for (int n = random.nextInt(8); n >= 0; n--) {
      int range = random.nextBoolean() ? Math.min(200, data.length) : data.length;
      data[random.nextInt(range)] = (byte) random.nextInt();
    }
    int kind = random.nextInt(8);
    if (kind == 0) {
      data = Arrays.copyOf(data, random.nextInt(data.length));
    } else if (kind == 1) {
      data = Arrays.copyOf(data, data.length + random.nextInt(2_000));
    } else if (kind == 2) {
      int at = random.nextInt(data.length);
      data = Arrays.copyOfRange(data, at, data.length);
    }
    return Bytes.wrap(data);
  }

  private void decode(Bytes image, String which) {
    try {
      Pixels pixels = decoder.decode(image);
      float[] row = new float[3 * pixels.width()];
      for (int y = 0; y < pixels.height(); y++) {
        pixels.copyRow(y, row);
      }
    } catch (ImageRejectedException expected) {
      String message = expected.getMessage();
      assertTrue(message.matches("[ -~]{1,160}"), which + ": " + message);
      assertTrue(!message.contains("Exception") && !message.contains("java"), which + message);
    } catch (RuntimeException | Error e) {
      throw new AssertionError(which, e);
    }
  }
}
