package chorale.site;

import chorale.protocol.FileFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A folder for temporary files, deleted on close unless kept. Used by one thread.
 *
 * <p>Its name contains the process id of its owner, because a process killed by SIGKILL deletes
 * nothing. The next owner of a folder with the same prefix deletes folders of ended processes.
 */
public final class TemporaryFolder implements AutoCloseable {
  /** Marker file of a folder that must outlive its process. */
  private static final String KEPT = ".kept";

  /** Approximate size of the logs of a short run. */
  private static final int PROBE_BYTES = 64 * 1024;

  private final Path path;
  private boolean kept;

  private TemporaryFolder(Path path) {
    this.path = path;
  }

  /**
   * Creates a folder in the default temporary directory, and deletes stale ones there.
   *
   * @param prefix of the name, such as {@code chorale-demo-}; one per purpose
   * @throws SiteException if the directory is not writable
   */
  public static TemporaryFolder create(String prefix) throws SiteException {
    return create(Path.of(System.getProperty("java.io.tmpdir")), prefix);
  }

  static TemporaryFolder create(Path parent, String prefix) throws SiteException {
    try {
      deleteStale(parent, prefix);
      long owner = ProcessHandle.current().pid();
      Path folder = Files.createTempDirectory(parent, prefix + owner + '-');
      requireSpace(folder);
      return new TemporaryFolder(folder);
    } catch (IOException e) {
      throw new SiteException(
          "cannot write to the temporary folder %s: %s; free some space there, or choose another folder with CHORALE_JAVA_OPTS=-Djava.io.tmpdir=DIR"
              .formatted(parent, FileFailure.reason(e)),
          e);
    }
  }

  /** Writes a probe file, because a full disk still accepts an empty folder. */
  private static void requireSpace(Path folder) throws IOException {
    Path probe = folder.resolve("probe");
    try {
      Files.write(probe, new byte[PROBE_BYTES]);
      Files.delete(probe);
    } catch (IOException e) {
      delete(folder);
      throw e;
    }
  }

  private static void deleteStale(Path parent, String prefix) throws IOException {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, prefix + "*")) {
      for (Path folder : folders) {
        Optional<Long> owner = owner(folder, prefix);
        if (owner.isPresent()
            && ProcessHandle.of(owner.get()).isEmpty()
            && !Files.exists(folder.resolve(KEPT))) {
          delete(folder);
        }
      }
    }
  }

  /** Returns the process id in a folder's name; empty if the name has another form. */
  private static Optional<Long> owner(Path folder, String prefix) {
    String[] parts = folder.getFileName().toString().substring(prefix.length()).split("-", -1);
    return parts.length == 2 && parts[0].matches("\\d{1,18}") && parts[1].matches("\\d+")
        ? Optional.of(Long.valueOf(parts[0]))
        : Optional.empty();
  }

  public Path path() {
    return path;
  }

  /** Keeps the folder after the end of this process. */
  public void keep() {
    kept = true;
    try {
      Files.write(path.resolve(KEPT), new byte[0]);
    } catch (IOException e) {
      log("the next run will delete {0}: {1}", path, e);
    }
  }

  @Override
  public void close() {
    if (!kept) {
      delete(path);
    }
  }

  /** Deletes a folder with its content, as far as possible. */
  private static void delete(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException | UncheckedIOException e) {
      log("{0} was not deleted: {1}", folder, e);
    }
  }

  private static void log(String message, Path folder, Exception e) {
    System.getLogger(TemporaryFolder.class.getName())
        .log(Level.DEBUG, message, folder, e.getMessage());
  }
}
