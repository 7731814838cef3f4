package chorale.bench;

import chorale.protocol.Bytes;
import chorale.publisher.RightSize;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * The frames of the benchmark: Chorale's images at 224x224, each as a JPEG of about 10 KB, the same
 * in every run. Stateless.
 */
final class BenchImages {
  private static final int SIDE = 224;
  private static final int BYTES = 10_240;

  /** The JPEG quality of right-sized frames: the default of {@code publisher.quality}. */
  private static final int QUALITY = 85;

  private BenchImages() {}

  /** Returns all frames in the order of their names. */
  static List<Bytes> load() throws IOException {
    try (Stream<Path> files = Files.walk(BenchSettings.home("pictures"))) {
      List<Bytes> frames = new ArrayList<>();
      for (Path file : files.filter(each -> each.toString().endsWith(".jpg")).sorted().toList()) {
        frames.add(frame(ImageIO.read(file.toFile())));
      }
      return frames;
    }
  }

  /** Returns one image as a camera would send it: 640x480, JPEG quality 90. */
  static Bytes large() throws IOException {
    Path file = BenchSettings.home("pictures", "cat", "cat-01.jpg");
    return jpeg(scaled(ImageIO.read(file.toFile()), 640, 480), 90);
  }

  /** Returns the frames as a publisher right-sizes them for this largest input. */
  static List<Bytes> rightSized(List<Bytes> frames, int input) {
    RightSize rightSize = new RightSize(QUALITY);
    return frames.stream().map(each -> rightSize.fitted(each, input).orElse(each)).toList();
  }

  /** Encodes a frame at the highest quality whose size is at most {@link #BYTES}. */
  private static Bytes frame(BufferedImage picture) throws IOException {
    BufferedImage image = scaled(picture, SIDE, SIDE);
    int low = 1;
    int high = 100;
    while (high - low > 1) {
      int middle = (low + high) / 2;
      if (jpeg(image, middle).size() <= BYTES) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return jpeg(image, low);
  }

  private static BufferedImage scaled(BufferedImage picture, int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    graphics.drawImage(picture, 0, 0, width, height, null);
    graphics.dispose();
    return image;
  }

  private static Bytes jpeg(BufferedImage image, int quality) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
      ImageWriteParam parameters = writer.getDefaultWriteParam();
      parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      parameters.setCompressionQuality(quality / 100f);
      writer.setOutput(stream);
      writer.write(null, new IIOImage(image, null, null), parameters);
    } finally {
      writer.dispose();
    }
    return Bytes.wrap(out.toByteArray());
  }
}
