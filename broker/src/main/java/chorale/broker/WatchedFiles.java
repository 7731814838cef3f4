package chorale.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/**
 * A check for changed files, by their time, size and identity. A change counts once a later look
 * finds the files as the look before did, so that nothing is read while it is being written. For
 * one thread.
 */
final class WatchedFiles {
  private final List<Path> files;
  private List<String> seen;
  private List<String> known;

  /** As they are now. */
  WatchedFiles(List<Path> files) {
    this.files = List.copyOf(files);
    this.seen = stamps();
    this.known = seen;
  }

  /** Whether they have changed since this was true last. */
  boolean haveChanged() {
    List<String> now = stamps();
    boolean settled = now.equals(seen);
    seen = now;
    if (!settled || now.equals(known)) {
      return false;
    }
    known = now;
    return true;
  }

  private List<String> stamps() {
    return files.stream().map(WatchedFiles::stamp).toList();
  }

  private static String stamp(Path file) {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return now.lastModifiedTime() + " " + now.size() + " " + now.fileKey();
    } catch (IOException e) {
      return "not there";
    }
  }
}
