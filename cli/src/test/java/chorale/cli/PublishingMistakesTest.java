package chorale.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Each mistake is reported in one line, with what is allowed; nothing is started. */
class PublishingMistakesTest {
  private static final String MODELS = Path.of("..", "variants", "models", "cifar10").toString();

  @TempDir Path folder;

  @Test
  void publish_missingPath_isNamed() {
    Path path = folder.resolve("nowhere");
    assertMistake(
        path
            + ": not found (allowed: files that end in .jpg, .jpeg or .png, folders and zip files"
            + " of them)",
        "publish",
        path.toString());
  }

  @Test
  void publish_followOfTwoPaths_isRefused() {
    assertMistake("--follow: 2 paths; allowed: one folder", "publish", "--follow", "a", "b");
  }

  @Test
  void publish_countOfNone_isRefused() {
    assertMistake("--count: '0'; allowed: 1 or more", "publish", "a", "--count", "0");
  }

  @Test
  void publish_unwritableJson_isFoundBeforeTheRun() {
    Path json = folder.resolve("no").resolve("report.json");
    assertMistake(
        "--json: '" + json + "' cannot be written; allowed: a file in a writable folder",
        "publish",
        "a",
        "--json",
        json.toString());
  }

  @Test
  void publish_bareInterval_isRefusedByItsFlag() {
    assertMistake(
        "publisher.interval: '5' cannot be used (--interval); allowed: a number and its unit, like"
            + " 40ms, 2s or 1m, from 0s to 24h",
        "publish",
        "a",
        "--interval",
        "5");
  }

  @Test
  void publish_qualityOutOfRange_isRefusedByItsFlag() {
    assertMistake(
        "publisher.quality: '101' cannot be used (--quality); allowed: a whole number from 1 to"
            + " 100",
        "publish",
        "a",
        "--quality",
        "101");
  }

  @Test
  void watch_badCamera_isRefused() {
    assertMistake(
        "--camera: 'a/b'; allowed: 1 to 64 of A-Z a-z 0-9 . _ -", "watch", "--camera", "a/b");
  }

  @Test
  void demo_unknownOrRepeatedVariant_isRefused() {
    assertMistake(
        "--variants: " + MODELS + ": no variant 'V9' (available: V1, V2, V3, V4, V5)",
        "demo",
        "--models",
        MODELS,
        "--variants",
        "V1,V9");
    assertMistake(
        "--variants: [V1, V1]; allowed: each id once",
        "demo",
        "--models",
        MODELS,
        "--variants",
        "V1,V1");
  }

  @Test
  void demo_folderWithoutImages_isRefused() throws Exception {
    Files.writeString(folder.resolve("notes.txt"), "none");
    assertMistake(
        "--images: "
            + folder
            + ": no image found (allowed: files that end in .jpg, .jpeg or .png, folders and zip"
            + " files of them); left out: 1 file that is not .jpg, .jpeg or .png (.txt 1)",
        "demo",
        "--models",
        MODELS,
        "--images",
        folder.toString());
  }

  private static void assertMistake(String message, String... arguments) {
    StringWriter err = new StringWriter();
    CommandLine chorale = Chorale.commandLine();
    chorale.setErr(new PrintWriter(err));

    int code = chorale.execute(arguments);

    assertEquals("chorale: " + message + System.lineSeparator(), err.toString());
    assertEquals(ExitCodes.MISTAKE, code);
  }
}
