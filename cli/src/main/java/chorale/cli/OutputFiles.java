package chorale.cli;

import chorale.protocol.FileFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Output files that the user names with options. Stateless. */
public final class OutputFiles {
  private OutputFiles() {}

  /**
   * Checks that the file can be written. Call it before the long work that produces the content.
   */
  public static void requireWritable(String option, Optional<Path> given) throws CommandException {
    if (given.isEmpty()) {
      return;
    }
    Path file = given.get();
    Path folder = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file) || folder == null || !Files.isWritable(folder)) {
      throw CommandException.mistake(
          option + ": '" + file + "' cannot be written; allowed: a file in a writable folder");
    }
  }

  public static void write(String option, Path file, String content) throws CommandException {
    try {
      Files.writeString(file, content);
    } catch (IOException e) {
      throw CommandException.failure(option + ": " + FileFailure.described(e, file));
    }
  }
}
