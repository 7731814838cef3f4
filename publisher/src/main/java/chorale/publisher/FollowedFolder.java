package chorale.publisher;

import chorale.protocol.Ticker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A folder into which a camera drops its images: each file that appears, or is written anew, after
 * the start is taken once its size and time of change are the same at two looks in a row. It never
 * ends. Used by one thread; its memory is one entry for each file in the folder.
 */
public final class FollowedFolder implements ImageSource {
  /** A pause that a camera's own writing is not likely to make, short enough for a doorbell. */
  public static final Duration LOOK_EVERY = Duration.ofMillis(200);

  private final Path folder;
  private final long everyNanos;
  private final Ticker ticker;

  private final Map<Path, Stamp> taken = new HashMap<>();
  private final Map<Path, Stamp> growing = new HashMap<>();
  private final ArrayDeque<Path> ready = new ArrayDeque<>();
  private boolean readable = true;
  private long nextLookNanos;

  private record Stamp(long bytes, long changedMillis) {}

  /**
   * What lies in the folder now counts as taken.
   *
   * @throws SourceException it is no folder that can be read
   */
  public FollowedFolder(Path folder, Duration every, Ticker ticker) throws SourceException {
    this.folder = folder;
    this.everyNanos = every.toNanos();
    this.ticker = ticker;
    if (!Files.isDirectory(folder)) {
      throw new SourceException(folder + ": not a folder (allowed with --follow: one folder)");
    }
    try {
      taken.putAll(look());
    } catch (IOException e) {
      throw new SourceException(folder + ": cannot be read: " + e.getMessage());
    }
    this.nextLookNanos = ticker.nanos() + everyNanos;
  }

  @Override
  public Next next() {
    long now = ticker.nanos();
    if (ready.isEmpty() && now - nextLookNanos >= 0) {
      nextLookNanos = now + everyNanos;
      try {
        compare(look());
        readable = true;
      } catch (IOException e) {
        if (readable) {
          readable = false;
          return new Next.Skipped(folder.toString(), "cannot be read: " + e.getMessage());
        }
      }
    }
    Path file = ready.poll();
    if (file == null) {
      return new Next.Waiting(Math.max(0, nextLookNanos - now));
    }
    return ImageListing.read(
        new ImageListing.Listed(
            String.valueOf(file.getFileName()),
            Optional.empty(),
            () -> Files.newInputStream(file)));
  }

  private void compare(Map<Path, Stamp> seen) {
    taken.keySet().retainAll(seen.keySet());
    growing.keySet().retainAll(seen.keySet());
    List<Path> files = new ArrayList<>(seen.keySet());
    files.sort(null);
    for (Path file : files) {
      Stamp stamp = seen.get(file);
      if (stamp.equals(taken.get(file))) {
        growing.remove(file);
      } else if (stamp.bytes() > 0 && stamp.equals(growing.put(file, stamp))) {
        growing.remove(file);
        taken.put(file, stamp);
        ready.add(file);
      }
    }
  }

  private Map<Path, Stamp> look() throws IOException {
    Map<Path, Stamp> seen = new HashMap<>();
    Set<Path> files = new HashSet<>();
    try (Stream<Path> all = Files.list(folder)) {
      all.filter(file -> Image.isImage(String.valueOf(file.getFileName()))).forEach(files::add);
    }
    for (Path file : files) {
      try {
        BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
        if (is.isRegularFile()) {
          seen.put(file, new Stamp(is.size(), is.lastModifiedTime().toMillis()));
        }
      } catch (NoSuchFileException gone) {
        // Between the two calls: the same as never seen.
      }
    }
    return seen;
  }

  @Override
  public OptionalInt total() {
    return OptionalInt.empty();
  }
}
