package chorale.site.faults;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chorale.protocol.Bytes;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

final class NumberedJpegTest {
  private static Bytes jpeg() throws IOException {
    BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
    image.setRGB(3, 5, Color.ORANGE.getRGB());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "jpg", out);
    return Bytes.wrap(out.toByteArray());
  }

  private static int[] pixels(Bytes jpeg) throws IOException {
    return ImageIO.read(jpeg.stream()).getRGB(0, 0, 16, 16, null, 0, 16);
  }

  @Test
  void of_numbers_differInBytesButNotInPixels() throws IOException {
    Bytes jpeg = jpeg();
    Bytes first = NumberedJpeg.of(jpeg, 1);
    Bytes second = NumberedJpeg.of(jpeg, 1_234_567_890_123L);
    assertNotEquals(first, second);
    assertArrayEquals(pixels(jpeg), pixels(first));
    assertArrayEquals(pixels(jpeg), pixels(second));
    assertEquals(NumberedJpeg.of(jpeg, 1), first);
  }

  @Test
  void of_otherFormat_isRejected() {
    assertThrows(
        IllegalArgumentException.class, () -> NumberedJpeg.of(Bytes.utf8("no picture"), 1));
    assertThrows(IllegalArgumentException.class, () -> NumberedJpeg.of(Bytes.EMPTY, 1));
  }
}
