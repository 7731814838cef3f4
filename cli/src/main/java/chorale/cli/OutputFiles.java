package chorale.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Files that the user asked a command to write. */
public final class OutputFiles {
  private OutputFiles() {}

  /** To be called before the work whose outcome is to be written. */
  public static void requireWritable(String option, Optional<Path> given) throws CommandException {
    if (given.isEmpty()) {
      return;
    }
    Path file = given.get();
    Path folder = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file) || folder == null || !Files.isWritable(folder)) {
      throw CommandException.mistake(
          option + ": '" + file + "' cannot be written; allowed: a file in a folder of yours");
    }
  }

  public static void write(String option, Path file, String content) throws CommandException {
    try {
      Files.writeString(file, content);
    } catch (IOException e) {
      throw CommandException.failure(option + ": " + file + ": " + e.getMessage());
    }
  }
}
