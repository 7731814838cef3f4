package chorale.cli.evaluate;

import chorale.cli.CommandException;
import chorale.cli.ExitCodes;
import chorale.protocol.FileFailure;
import java.awt.image.BufferedImage;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import javax.imageio.ImageIO;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code chorale import-cifar10}: the second half of {@code scripts/fetch-cifar10}. Converts the
 * test batch of CIFAR-10's binary version (https://www.cs.toronto.edu/~kriz/cifar.html) into a
 * folder of PNG files for each class.
 *
 * <p>A record is one byte, the class, and 3072 bytes of the image: 32 rows of 32 red values, then
 * the same of green and of blue. {@code batches.meta.txt} has the class names in order.
 */
@Command(
    name = "import-cifar10",
    description = "Convert the binary version of CIFAR-10 into folders of PNG files.",
    hidden = true,
    mixinStandardHelpOptions = true)
public final class ImportCifar10Command implements Callable<Integer> {
  private static final int SIDE = 32;
  private static final int PLANE = SIDE * SIDE;
  private static final int RECORD = 1 + 3 * PLANE;

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "DIR", description = "The folder of the unpacked archive.")
  private Path from;

  @Parameters(index = "1", paramLabel = "OUT", description = "The folder to create.")
  private Path out;

  @Override
  public Integer call() throws CommandException {
    try {
      List<String> classes = classes(from.resolve("batches.meta.txt"));
      int count = convert(from.resolve("test_batch.bin"), classes);
      spec.commandLine()
          .getOut()
          .println(count + " images of " + classes.size() + " classes in " + out);
      spec.commandLine().getOut().flush();
      return ExitCodes.OK;
    } catch (IOException e) {
      throw CommandException.failure("import-cifar10: " + FileFailure.described(e, out));
    }
  }

  private static List<String> classes(Path file) throws IOException, CommandException {
    List<String> names =
        Files.readAllLines(file).stream().map(String::strip).filter(l -> !l.isEmpty()).toList();
    if (names.size() != 10 || !names.stream().allMatch(name -> name.matches("[a-z]+"))) {
      throw CommandException.failure(file + ": does not hold the 10 class names of CIFAR-10");
    }
    return names;
  }

  private int convert(Path batch, List<String> classes) throws IOException, CommandException {
    if (Files.size(batch) == 0 || Files.size(batch) % RECORD != 0) {
      throw CommandException.failure(
          batch + ": " + Files.size(batch) + " bytes; expected records of " + RECORD);
    }
    for (String name : classes) {
      Files.createDirectories(out.resolve(name));
    }
    int count = 0;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(batch))) {
      for (byte[] bytes = in.readNBytes(RECORD);
          bytes.length == RECORD;
          bytes = in.readNBytes(RECORD)) {
        int label = bytes[0];
        if (label < 0 || label >= classes.size()) {
          throw CommandException.failure(
              batch + ": record " + count + " has the class " + label + "; expected 0 to 9");
        }
        String name = String.format(Locale.ROOT, "%05d.png", count);
        write(picture(bytes), out.resolve(classes.get(label)).resolve(name));
        count++;
      }
    }
    return count;
  }

  private static void write(BufferedImage picture, Path file) throws IOException {
    if (!ImageIO.write(picture, "png", file.toFile())) {
      throw new IOException("this Java cannot write PNG files");
    }
  }

  private static BufferedImage picture(byte[] bytes) {
    BufferedImage picture = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < PLANE; i++) {
      int red = bytes[1 + i] & 0xff;
      int green = bytes[1 + PLANE + i] & 0xff;
      int blue = bytes[1 + 2 * PLANE + i] & 0xff;
      picture.setRGB(i % SIDE, i / SIDE, red << 16 | green << 8 | blue);
    }
    return picture;
  }
}
