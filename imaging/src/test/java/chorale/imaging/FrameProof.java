package chorale.imaging;

import chorale.protocol.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;

/**
 * A program that decodes every file of a folder and prints a line for each: its path, a tab, and
 * either its size and a checksum of its pixels or the error. {@code scripts/proof-frames} compares
 * these lines between two Javas.
 */
final class FrameProof {
  private static final int MAX_PIXELS = 25_165_824;

  private FrameProof() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    ImageDecoder decoder = new ImageDecoder(MAX_PIXELS);
    List<Path> files;
    try (var paths = Files.walk(folder)) {
      files = paths.filter(Files::isRegularFile).sorted().toList();
    }
    for (Path file : files) {
      String outcome = outcome(decoder, Bytes.wrap(Files.readAllBytes(file)));
      System.out.println(folder.relativize(file) + "\t" + outcome);
    }
  }

  private static String outcome(ImageDecoder decoder, Bytes image) {
    try {
      Pixels pixels = decoder.decode(image);
      String size = pixels.width() + " x " + pixels.height();
      return size + ", pixels " + Long.toHexString(checksum(pixels));
    } catch (ImageRejectedException e) {
      return e.error().code() + ": " + e.getMessage();
    }
  }

  private static long checksum(Pixels pixels) {
    CRC32 checksum = new CRC32();
    float[] row = new float[3 * pixels.width()];
    for (int y = 0; y < pixels.height(); y++) {
      pixels.copyRow(y, row);
      for (float sample : row) {
        checksum.update((int) sample);
      }
    }
    return checksum.getValue();
  }
}
