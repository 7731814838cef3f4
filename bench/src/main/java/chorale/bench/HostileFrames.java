package chorale.bench;

import chorale.protocol.Bytes;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.ImageIO;

/**
 * Frames of a broken or malicious camera: damaged files, other formats, and small files that are
 * costly to decode. Stateless.
 */
final class HostileFrames {
  private static final byte[] PNG_START = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  private static final int LARGE_SIDE = 4_096;
  private static final int RGB = 2;
  private static final int RGB_ALPHA = 6;

  private HostileFrames() {}

  /** Reads every file below a folder, in the order of the paths. */
  static List<Bytes> of(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().map(HostileFrames::read).toList();
    }
  }

  private static Bytes read(Path file) {
    try {
      return Bytes.wrap(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes hostile frames from a valid JPEG. */
  static List<Bytes> madeFrom(Bytes jpeg) throws IOException {
    byte[] sound = jpeg.toArray();
    Random random = new Random(1);
    List<byte[]> frames = new ArrayList<>();
    for (int part : List.of(1, 20, 300, sound.length / 2, sound.length - 90)) {
      frames.add(Arrays.copyOf(sound, part));
    }
    frames.add(Arrays.copyOfRange(sound, sound.length / 2, sound.length));
    frames.add(Arrays.copyOf(Arrays.copyOf(sound, sound.length / 2), 4 << 20));
    byte[] noise = new byte[4 << 20];
    random.nextBytes(noise);
    frames.add(noise);
    byte[] changed = sound.clone();
    System.arraycopy(noise, 0, changed, sound.length / 2, 80);
    frames.add(changed);
    frames.add(claiming(sound, 65_500, 65_500));
    frames.add(claiming(sound, 5_000, 5_000));
    frames.add(manyScans(sound));
    frames.add(largeJpeg());
    frames.add(png(100_000, 100_000, 8, RGB, false, 0));
    frames.add(png(LARGE_SIDE, LARGE_SIDE, 16, RGB_ALPHA, true, 8L * LARGE_SIDE * LARGE_SIDE));
    frames.add(png(LARGE_SIDE, LARGE_SIDE, 8, RGB, true, 3L * LARGE_SIDE * LARGE_SIDE));
    frames.add(png(LARGE_SIDE, LARGE_SIDE, 8, RGB_ALPHA, false, 4L * LARGE_SIDE * LARGE_SIDE));
    frames.add(png(16, 16, 8, RGB, false, 200L << 20));
    frames.add("GIF89a\1\0\1\0".getBytes(StandardCharsets.ISO_8859_1));
    frames.add("{\"state\":\"offline\"}".getBytes(StandardCharsets.US_ASCII));
    frames.add(new byte[0]);
    return frames.stream().map(Bytes::wrap).toList();
  }

  /** Returns the JPEG with another image size in its frame header (SOF0). */
  private static byte[] claiming(byte[] jpeg, int width, int height) {
    byte[] data = jpeg.clone();
    int at = 2;
    while (data[at + 1] != (byte) 0xC0) {
      at += 2 + ByteBuffer.wrap(data).getShort(at + 2);
    }
    ByteBuffer.wrap(data).putShort(at + 5, (short) height).putShort(at + 7, (short) width);
    return data;
  }

  private static byte[] manyScans(byte[] jpeg) {
    int at = 2;
    while (jpeg[at + 1] != (byte) 0xDA) {
      at += 2 + ByteBuffer.wrap(jpeg).getShort(at + 2);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(jpeg, 0, jpeg.length - 2);
    for (int i = 0; i < 100; i++) {
      out.write(jpeg, at, jpeg.length - 2 - at);
    }
    return out.toByteArray();
  }

  /** Returns a JPEG with the maximum number of pixels that workers accept. */
  private static byte[] largeJpeg() throws IOException {
    BufferedImage image = new BufferedImage(5_000, 5_000, BufferedImage.TYPE_3BYTE_BGR);
    for (int y = 0; y < image.getHeight(); y += 50) {
      for (int x = 0; x < image.getWidth(); x++) {
        image.setRGB(x, y, 31 * x ^ y);
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "jpeg", out);
    return out.toByteArray();
  }

  /**
   * @param kind the color type (PNG, third edition, table 9)
   * @param zeros the bytes of image data before compression, all zero
   */
  private static byte[] png(
      int width, int height, int depth, int kind, boolean interlaced, long zeros)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(PNG_START);
    ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
    header.put((byte) depth).put((byte) kind).put((byte) 0).put((byte) 0);
    chunk(out, "IHDR", header.put((byte) (interlaced ? 1 : 0)).array());
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    Deflater best = new Deflater(Deflater.BEST_COMPRESSION);
    try (DeflaterOutputStream deflated = new DeflaterOutputStream(data, best)) {
      byte[] row = new byte[1 << 16];
      // Filter types are zeros too; surplus rows are harmless.
      for (long left = zeros + 64L * height; zeros > 0 && left > 0; left -= row.length) {
        deflated.write(row);
      }
    } finally {
      best.end();
    }
    chunk(out, "IDAT", data.toByteArray());
    chunk(out, "IEND", new byte[0]);
    return out.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream out, String type, byte[] content) {
    ByteBuffer chunk = ByteBuffer.allocate(12 + content.length).putInt(content.length);
    chunk.put(type.getBytes(StandardCharsets.US_ASCII)).put(content);
    CRC32 checksum = new CRC32();
    checksum.update(chunk.array(), 4, 4 + content.length);
    out.writeBytes(chunk.putInt((int) checksum.getValue()).array());
  }
}
