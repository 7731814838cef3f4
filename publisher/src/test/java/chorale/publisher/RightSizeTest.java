package chorale.publisher;

import static java.awt.image.BufferedImage.TYPE_BYTE_GRAY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.imaging.ImageDecoder;
import chorale.imaging.Pixels;
import chorale.imaging.TestPictures;
import chorale.protocol.Bytes;
import java.awt.image.BufferedImage;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RightSizeTest {
  private final RightSize rightSize = new RightSize(85);

  @Test
  void fitted_largerImage_isStretchedToTheInput() throws Exception {
    Bytes large = TestPictures.encoded("jpeg", gradient(640, 480));

    Bytes frame = rightSize.fitted(large, 160).orElseThrow();

    assertTrue(frame.size() < large.size());
    assertSize(160, 160, frame);
  }

  @Test
  void fitted_oneSideShorterThanTheInput_keepsThatSide() throws Exception {
    Bytes frame =
        rightSize.fitted(TestPictures.encoded("png", gradient(600, 50)), 96).orElseThrow();

    assertSize(96, 50, frame);
  }

  @Test
  void fitted_cameraTurnedOnItsSide_isUpright() throws Exception {
    Bytes turned =
        TestPictures.withApp1(
            TestPictures.encoded("jpeg", gradient(400, 40)), TestPictures.exif(6, true));

    assertSize(40, 96, rightSize.fitted(turned, 96).orElseThrow());
  }

  @Test
  void fitted_changingSizes_areEachCorrect() throws Exception {
    Bytes large = TestPictures.encoded("png", gradient(300, 200));

    assertSize(96, 96, rightSize.fitted(large, 96).orElseThrow());
    assertSize(224, 200, rightSize.fitted(large, 224).orElseThrow());
    assertSize(96, 96, rightSize.fitted(large, 96).orElseThrow());
  }

  @Test
  void fitted_fitsTheInput_isUnchanged() {
    assertEquals(
        Optional.empty(), rightSize.fitted(TestPictures.encoded("png", gradient(224, 100)), 224));
  }

  @Test
  void fitted_notSmallerInBytes_isUnchanged() {
    Bytes large = TestPictures.encoded("png", gradient(300, 200));
    Bytes poor = new RightSize(10).fitted(large, 225).orElseThrow();

    assertEquals(Optional.empty(), new RightSize(95).fitted(poor, 224));
  }

  @Test
  void fitted_morePixelsThanAWorkerAccepts_isReducedRegardlessOfBytes() throws Exception {
    Bytes plain = TestPictures.encoded("png", new BufferedImage(5_200, 5_000, TYPE_BYTE_GRAY));

    assertSize(96, 96, rightSize.fitted(plain, 96).orElseThrow());
  }

  @Test
  void fitted_unreadableImage_isUnchanged() {
    Bytes large = TestPictures.encoded("jpeg", gradient(640, 480));

    assertEquals(Optional.empty(), rightSize.fitted(Bytes.utf8("no image"), 96));
    assertEquals(
        Optional.empty(), rightSize.fitted(TestPictures.jpegClaiming(large, 30_000, 30_000), 96));
  }

  private static void assertSize(int width, int height, Bytes frame) throws Exception {
    Pixels pixels = new ImageDecoder(1_000_000).decode(frame);
    assertEquals(width, pixels.width());
    assertEquals(height, pixels.height());
  }

  /** Returns noise, which no format compresses. */
  static BufferedImage noise(int width, int height) {
    Random random = new Random(1);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, random.nextInt(1 << 24));
      }
    }
    return image;
  }

  static BufferedImage gradient(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, (x * 255 / width) << 16 | (y * 255 / height) << 8 | (x * y & 0x7F));
      }
    }
    return image;
  }
}
