package chorale.site;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporaryFolderTest {
  private static final String PREFIX = "chorale-test-";

  /** Above the largest process id of Linux, 2^22, and of other systems. */
  private static final long GONE = 5_000_000_000L;

  @TempDir Path parent;

  private Path folder(String name) throws IOException {
    Path folder = Files.createDirectory(parent.resolve(name));
    Files.writeString(Files.createDirectory(folder.resolve("inner")).resolve("log"), "text");
    return folder;
  }

  @Test
  void create_name_containsTheProcessId() throws Exception {
    try (TemporaryFolder folder = TemporaryFolder.create(parent, PREFIX)) {
      assertTrue(Files.isDirectory(folder.path()));
      assertTrue(
          folder
              .path()
              .getFileName()
              .toString()
              .startsWith(PREFIX + ProcessHandle.current().pid() + "-"));
    }
  }

  @Test
  void create_folderOfAnEndedProcess_isDeleted() throws Exception {
    Path stale = folder(PREFIX + GONE + "-1");

    TemporaryFolder.create(parent, PREFIX).close();

    assertFalse(Files.exists(stale));
  }

  @Test
  void create_otherFolders_areKept() throws Exception {
    Path ofALiveProcess = folder(PREFIX + ProcessHandle.current().pid() + "-1");
    Path ofALongerPrefix = folder(PREFIX + "other-" + GONE + "-1");
    Path withoutAProcess = folder(PREFIX + "12");

    TemporaryFolder.create(parent, PREFIX).close();

    assertTrue(Files.exists(ofALiveProcess));
    assertTrue(Files.exists(ofALongerPrefix));
    assertTrue(Files.exists(withoutAProcess));
  }

  @Test
  void close_unlessKept_deletesTheFolderWithItsContent() throws Exception {
    TemporaryFolder folder = TemporaryFolder.create(parent, PREFIX);
    Files.writeString(Files.createDirectory(folder.path().resolve("inner")).resolve("log"), "text");

    folder.close();

    assertFalse(Files.exists(folder.path()));
  }

  @Test
  void keep_folderOutlivesItsProcess() throws Exception {
    TemporaryFolder folder = TemporaryFolder.create(parent, PREFIX);
    folder.keep();
    folder.close();
    assertTrue(Files.exists(folder.path()));

    Path ofAGoneProcess = Files.move(folder.path(), parent.resolve(PREFIX + GONE + "-1"));
    TemporaryFolder.create(parent, PREFIX).close();

    assertTrue(Files.exists(ofAGoneProcess));
  }

  @Test
  void create_unwritableFolder_failsWithTheRemedy() throws Exception {
    Path file = Files.writeString(parent.resolve("file"), "no folder");
    String text =
        assertThrows(SiteException.class, () -> TemporaryFolder.create(file, PREFIX)).getMessage();
    assertTrue(text.startsWith("cannot write to the temporary folder " + file + ": "), text);
    assertTrue(text.contains("CHORALE_JAVA_OPTS=-Djava.io.tmpdir=DIR"), text);
  }
}
