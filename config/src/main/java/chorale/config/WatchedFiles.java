package chorale.config;

import chorale.protocol.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A check for small files whose content has changed. A change counts once a later look finds the
 * files as the look before did, so that nothing is read while it is being written. For one thread.
 */
public final class WatchedFiles {
  private final List<Path> files;
  private List<Optional<Bytes>> seen;
  private List<Optional<Bytes>> known;

  /** As they are now. */
  public WatchedFiles(List<Path> files) {
    this.files = List.copyOf(files);
    this.seen = look();
    this.known = seen;
  }

  /** Whether they have changed since this was true last. */
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
