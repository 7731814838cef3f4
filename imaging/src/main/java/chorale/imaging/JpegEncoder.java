package chorale.imaging;

import chorale.protocol.Bytes;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.FloatBuffer;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.plugins.jpeg.JPEGImageWriteParam;
import javax.imageio.spi.ImageWriterSpi;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * A baseline JPEG encoder for the output of {@link Resize}: no metadata, chroma at half resolution,
 * Huffman tables optimized for the image. Thread-safe: each call creates a writer.
 */
public final class JpegEncoder {
  public static final int MIN_QUALITY = 1;
  public static final int MAX_QUALITY = 100;

  private final ImageWriterSpi provider = provider();
  private final int quality;

  /**
   * @param quality 1 to 100, as libjpeg scales its quantization tables
   */
  public JpegEncoder(int quality) {
    if (quality < MIN_QUALITY || quality > MAX_QUALITY) {
      throw new IllegalArgumentException("JPEG quality " + quality + " (allowed: 1 to 100)");
    }
    this.quality = quality;
  }

  /**
   * @param planes three planes of {@code width * height}, from index 0, values from -1 to 1
   */
  public Bytes encode(FloatBuffer planes, int width, int height) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(width * height / 4 + 1024);
    try (var stream = new MemoryCacheImageOutputStream(out)) {
      ImageWriter writer = provider.createWriterInstance();
      try {
        writer.setOutput(stream);
        writer.write(null, new IIOImage(picture(planes, width, height), null, null), parameters());
      } finally {
        writer.dispose();
      }
    } catch (IOException e) {
      throw new IllegalStateException("a JPEG cannot be written to memory", e);
    }
    return Bytes.wrap(out.toByteArray());
  }

  private JPEGImageWriteParam parameters() {
    JPEGImageWriteParam parameters = new JPEGImageWriteParam(null);
    parameters.setCompressionMode(JPEGImageWriteParam.MODE_EXPLICIT);
    parameters.setCompressionQuality(quality / 100f);
    parameters.setOptimizeHuffmanTables(true);
    return parameters;
  }

  private static BufferedImage picture(FloatBuffer planes, int width, int height) {
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    byte[] bgr = ((DataBufferByte) picture.getRaster().getDataBuffer()).getData();
    int plane = width * height;
    for (int i = 0; i < plane; i++) {
      bgr[3 * i] = sample(planes.get(2 * plane + i));
      bgr[3 * i + 1] = sample(planes.get(plane + i));
      bgr[3 * i + 2] = sample(planes.get(i));
    }
    return picture;
  }

  private static byte sample(float value) {
    return (byte) Math.max(0, Math.min(255, Math.round((value + 1) * 127.5f)));
  }

  private static ImageWriterSpi provider() {
    var writers = ImageIO.getImageWritersByFormatName("jpeg");
    if (!writers.hasNext()) {
      throw new IllegalStateException("this Java has no writer for JPEG");
    }
    ImageWriter writer = writers.next();
    writer.dispose();
    return writer.getOriginatingProvider();
  }
}
