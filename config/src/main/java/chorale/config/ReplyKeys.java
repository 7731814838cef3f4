package chorale.config;

import chorale.protocol.Names;
import chorale.protocol.SigningKey;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The workers' keys for signed replies: constant, or from a file with lines {@code worker-name
 * base64} that {@link #refresh} reads again. One owning thread.
 */
public final class ReplyKeys {
  private static final System.Logger LOG = System.getLogger(ReplyKeys.class.getName());
  private static final String EXPECTED = "lines of a worker's name and its key";

  private final Optional<Path> file;
  private final WatchedFiles watched;
  private Map<String, SigningKey> byWorker;

  private ReplyKeys(Optional<Path> file, WatchedFiles watched, Map<String, SigningKey> byWorker) {
    this.file = file;
    this.watched = watched;
    this.byWorker = Map.copyOf(byWorker);
  }

  public static ReplyKeys of(Map<String, SigningKey> byWorker) {
    return new ReplyKeys(Optional.empty(), new WatchedFiles(List.of()), byWorker);
  }

  /**
   * @throws SettingsException names the file and the line, what is wrong and what is expected
   */
  public static ReplyKeys read(Path file) throws SettingsException {
    WatchedFiles watched = new WatchedFiles(List.of(file));
    return new ReplyKeys(Optional.of(file), watched, parse(file));
  }

  private static Map<String, SigningKey> parse(Path file) throws SettingsException {
    Map<String, SigningKey> keys =
        EntryFile.entries(file, EntryFile.text(file, EXPECTED), "worker", ReplyKeys::entry);
    if (keys.isEmpty()) {
      throw new SettingsException(file + ": contains no keys; expected: " + EXPECTED);
    }
    return keys;
  }

  private static Map.Entry<String, SigningKey> entry(String line) {
    String[] part = line.split("\\s+", -1);
    if (part.length != 2 || !Names.isValid(part[0])) { // the text may be a key: not shown
      throw new IllegalArgumentException("expected a worker's name and its key in base64");
    }
    return Map.entry(part[0], SigningKey.parse(part[1]));
  }

  /**
   * Reads the file again if it has changed. If the new content is invalid, logs a warning and keeps
   * the current keys.
   *
   * @return whether the keys have changed
   */
  public boolean refresh() {
    if (!watched.haveChanged()) {
      return false;
    }
    try {
      Map<String, SigningKey> before = byWorker;
      byWorker = Map.copyOf(parse(file.orElseThrow()));
      return !byWorker.equals(before);
    } catch (SettingsException e) {
      LOG.log(Level.WARNING, "{0}; the previous keys stay in use", e.getMessage());
      return false;
    }
  }

  public Map<String, SigningKey> byWorker() {
    return byWorker;
  }

  /** Returns the origin of the keys, for messages. */
  @Override
  public String toString() {
    return file.map(Path::toString).orElse("the site's keys");
  }
}
