package chorale.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class FileFailureTest {
  @TempDir private Path folder;

  @Test
  void reason_failedAccess_isPlainAndWithoutThePath() throws Exception {
    Path file = Files.write(folder.resolve("file"), new byte[] {(byte) 0xff});

    assertEquals("no such file", reasonOf(() -> Files.readString(folder.resolve("none"))));
    assertEquals("not UTF-8 text", reasonOf(() -> Files.readString(file)));
    assertEquals("it exists already", reasonOf(() -> Files.createDirectory(file)));
    assertEquals("the folder is not empty", reasonOf(() -> Files.delete(folder)));
    assertEquals("Is a directory", reasonOf(() -> Files.readString(folder)));
    assertEquals("not a folder", FileFailure.reason(new NotDirectoryException("file")));
    assertEquals("permission denied", FileFailure.reason(new AccessDeniedException("file")));
    assertEquals("input/output error", FileFailure.reason(new FileSystemException("file")));
    assertEquals("input/output error", FileFailure.reason(new IOException()));
  }

  @Test
  void described_withAndWithoutAFile_namesTheFile() {
    Path none = folder.resolve("none");

    assertEquals(
        none + ": no such file",
        FileFailure.described(
            assertThrows(IOException.class, () -> Files.readString(none)), folder));
    assertEquals(
        folder + ": No space left on device",
        FileFailure.described(new IOException("No space left on device"), folder));
  }

  private static String reasonOf(Executable access) {
    return FileFailure.reason(assertThrows(IOException.class, access));
  }
}
