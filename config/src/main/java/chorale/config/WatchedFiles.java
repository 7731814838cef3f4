package chorale.config;

import chorale.protocol.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A change detector for small files. It reports a change only when two successive checks find the
 * same content, so that files are not read while they are being written. One owning thread.
 */
public final class WatchedFiles {
  private final List<Path> files;
  private List<Optional<Bytes>> seen;
  private List<Optional<Bytes>> known;

  /** Starts with the current content. */
  public WatchedFiles(List<Path> files) {
    this.files = List.copyOf(files);
    this.seen = look();
    this.known = seen;
  }

  /** Returns whether the files have changed since the last reported change. */
  public boolean haveChanged() {
    List<Optional<Bytes>> now = look();
    boolean settled = now.equals(seen);
    seen = now;
    if (!settled || now.equals(known)) {
      return false;
    }
    known = now;
    return true;
  }

  private List<Optional<Bytes>> look() {
    return files.stream().map(WatchedFiles::content).toList();
  }

  private static Optional<Bytes> content(Path file) {
    try {
      return Optional.of(Bytes.wrap(Files.readAllBytes(file)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
