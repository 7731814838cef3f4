package chorale.aggregator.trust;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import chorale.imaging.ImageDecoder;
import chorale.imaging.Pixels;
import chorale.imaging.Resize;
import chorale.protocol.Bytes;
import chorale.protocol.Limits;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Variations have different bytes and the same pixels, according to the workers' decoder. */
final class ImageVariationTest {
  private static final int WIDTH = 40;
  private static final int HEIGHT = 30;

  private final SplittableRandom random = new SplittableRandom(1);

  private static Bytes image(String format, boolean progressive) throws IOException {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
      image.setRGB(i % WIDTH, i / WIDTH, i * 7919);
    }
    ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (var stream = ImageIO.createImageOutputStream(out)) {
      writer.setOutput(stream);
      ImageWriteParam how = writer.getDefaultWriteParam();
      if (progressive) {
        how.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
      }
      var metadata =
          writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(image), how);
      writer.write(metadata, new IIOImage(image, null, metadata), how);
    } finally {
      writer.dispose();
    }
    return Bytes.wrap(out.toByteArray());
  }

  private static float[] pixels(Bytes image) throws Exception {
    Pixels pixels = new ImageDecoder(1 << 20).decode(image);
    FloatBuffer planes = FloatBuffer.allocate(3 * WIDTH * HEIGHT);
    new Resize(WIDTH, HEIGHT).apply(pixels, planes);
    return planes.array();
  }

  @ParameterizedTest
  @CsvSource({"jpeg, false", "jpeg, true", "png, false", "png, true"})
  void of_anImage_hasOtherBytesEachTimeAndTheSamePixels(String format, boolean progressive)
      throws Exception {
    Bytes image = image(format, progressive);
    float[] before = pixels(image);
    Set<Bytes> all = new HashSet<>(Set.of(image));
    for (int i = 0; i < 20; i++) {
      Bytes other = ImageVariation.of(image, random).orElseThrow();
      assertArrayEquals(before, pixels(other));
      assertEquals(i + 1, all.size());
      all.add(other);
    }
    Bytes twice = ImageVariation.of(all.iterator().next(), random).orElseThrow();
    assertArrayEquals(before, pixels(twice), "a variation of a variation");
  }

  /** Malformed images of a sender cause no exception. */
  @ParameterizedTest
  @CsvSource({"jpeg, false", "png, false"})
  void of_truncatedAndDamagedBytes_isAnImageOrEmpty(String format, boolean progressive)
      throws IOException {
    byte[] whole = image(format, progressive).toArray();
    for (int length = 0; length < 200; length++) {
      ImageVariation.of(Bytes.wrap(Arrays.copyOf(whole, length)), random);
    }
    for (int i = 0; i < 2_000; i++) {
      byte[] damaged = whole.clone();
      damaged[random.nextInt(100)] = (byte) random.nextInt();
      ImageVariation.of(Bytes.wrap(damaged), random)
          .ifPresent(other -> assertNotEquals(whole.length, other.size()));
    }
  }

  @Test
  void of_bytesThatAreNoImage_isEmpty() {
    assertEquals(Optional.empty(), ImageVariation.of(Bytes.utf8("cat.jpg"), random));
    assertEquals(Optional.empty(), ImageVariation.of(Bytes.EMPTY, random));
    assertEquals(Optional.empty(), ImageVariation.of(Bytes.wrap(new byte[Limits.MAX_K]), random));
  }
}
