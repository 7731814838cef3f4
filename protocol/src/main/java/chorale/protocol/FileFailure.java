package chorale.protocol;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** The reason why a file or folder cannot be read or written, for messages. Stateless. */
public final class FileFailure {
  private FileFailure() {}

  /** Returns a short reason without the path, such as {@code permission denied}. */
  public static String reason(IOException failure) {
    if (failure instanceof NoSuchFileException) {
      return "no such file";
    } else if (failure instanceof AccessDeniedException) {
      return "permission denied";
    } else if (failure instanceof FileAlreadyExistsException) {
      return "it exists already";
    } else if (failure instanceof NotDirectoryException) {
      return "not a folder";
    } else if (failure instanceof DirectoryNotEmptyException) {
      return "the folder is not empty";
    } else if (failure instanceof CharacterCodingException) {
      return "not UTF-8 text";
    }
    String why =
        failure instanceof FileSystemException file ? file.getReason() : failure.getMessage();
    return why == null ? "input/output error" : why;
  }

  /** Returns {@code FILE: reason}; without a file in the failure, names the given path. */
  public static String described(IOException failure, Path accessed) {
    String file = failure instanceof FileSystemException named ? named.getFile() : null;
    return (file == null ? accessed : file) + ": " + reason(failure);
  }
}
