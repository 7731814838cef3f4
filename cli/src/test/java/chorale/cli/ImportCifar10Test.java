package chorale.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class ImportCifar10Test {
  private static final int RECORD = 3073;
  private static final String NAMES =
      "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n";

  @TempDir Path directory;
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void names() throws IOException {
    Files.writeString(directory.resolve("batches.meta.txt"), NAMES);
  }

  private int run(byte[] batch) throws IOException {
    Files.write(directory.resolve("test_batch.bin"), batch);
    CommandLine command = Chorale.commandLine();
    command.setErr(new PrintWriter(err));
    command.setOut(new PrintWriter(new StringWriter()));
    return command.execute(
        "import-cifar10", directory.toString(), directory.resolve("out").toString());
  }

  @Test
  void call_twoRecords_becomeImagesOfTheirClasses() throws IOException {
    byte[] batch = new byte[2 * RECORD];
    batch[0] = 3;
    batch[1 + 32 * 5 + 7] = (byte) 200; // red of row 5, column 7
    batch[1 + 1024 + 32 * 5 + 7] = 100;
    batch[1 + 2048 + 32 * 5 + 7] = 50;
    batch[RECORD] = 9;

    assertEquals(ExitCodes.OK, run(batch), err.toString());

    var cat = ImageIO.read(directory.resolve("out/cat/00000.png").toFile());
    assertEquals(32, cat.getWidth());
    assertEquals(0xff000000 | 200 << 16 | 100 << 8 | 50, cat.getRGB(7, 5));
    assertEquals(0xff000000, cat.getRGB(5, 7));
    assertTrue(Files.exists(directory.resolve("out/truck/00001.png")));
  }

  @Test
  void call_truncatedFile_isRefusedInOneLine() throws IOException {
    assertEquals(ExitCodes.FAILURE, run(new byte[RECORD + 1]));
    assertEquals(1, err.toString().lines().count(), err.toString());
    assertTrue(err.toString().contains("expected records of 3073"), err.toString());
  }

  @Test
  void call_classOutOfRange_isRefused() throws IOException {
    byte[] batch = new byte[RECORD];
    batch[0] = 10;

    assertEquals(ExitCodes.FAILURE, run(batch));
    assertTrue(err.toString().contains("has the class 10"), err.toString());
  }

  @Test
  void call_noArchive_isRefusedInOneLine() throws IOException {
    Files.delete(directory.resolve("batches.meta.txt"));

    assertEquals(ExitCodes.FAILURE, run(new byte[RECORD]));
    assertEquals(1, err.toString().lines().count(), err.toString());
  }
}
