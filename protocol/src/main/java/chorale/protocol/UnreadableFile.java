package chorale.protocol;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** The reason why a file cannot be read, in words for a message. Stateless. */
public final class UnreadableFile {
  private UnreadableFile() {}

  public static String reason(IOException failure) {
    return failure instanceof NoSuchFileException
        ? "no such file"
        : failure instanceof AccessDeniedException
            ? "permission denied"
            : String.valueOf(failure.getMessage());
  }
}
