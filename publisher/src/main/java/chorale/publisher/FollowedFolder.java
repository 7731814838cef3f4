package chorale.publisher;

import chorale.imaging.ImageEnd;
import chorale.protocol.FileFailure;
import chorale.protocol.Ticker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Set;

/**
 * A folder, with all its subfolders, to which a camera writes its images. A file that appears or
 * changes after the start is taken once it is complete. The source never ends. Used by one thread;
 * its memory is one entry per file.
 *
 * <p>A file is complete if it is the same in two scans in a row and has its format's end mark
 * ({@link ImageEnd}), or if it has not changed for {@link #PATIENCE}. A file that changes in every
 * scan, such as one that is replaced many times a second, is taken every {@link #SAMPLE_EVERY} if
 * its end mark is there.
 */
public final class FollowedFolder implements ImageSource {
  /**
   * Interval between scans: longer than pauses while a camera writes a file, but short enough for a
   * doorbell.
   */
  public static final Duration LOOK_EVERY = Duration.ofMillis(200);

  /** Time without changes after which a file without an end mark counts as complete. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  static final Duration SAMPLE_EVERY = Duration.ofSeconds(1);

  /** Pause after a scan, in scan times: scans use at most 1/10 of the time, even for many files. */
  private static final int PAUSES = 9;

  private final Path folder;
  private final long everyNanos;
  private final Ticker ticker;
  private final int maxBytes;
  private final LeftOut before;

  private final Map<String, Stamp> taken = new HashMap<>();
  private final Map<String, Change> changes = new HashMap<>();
  private final Queue<Candidate> ready = new ArrayDeque<>();
  private final Queue<Next.Skipped> problems = new ArrayDeque<>();
  private final Set<String> unreadable = new HashSet<>();
  private LeftOut leftOut = new LeftOut();
  private boolean readable = true;
  private long nextLookNanos;

  private record Stamp(Optional<Object> key, long bytes, long changedMillis) {
    static Stamp of(BasicFileAttributes is) {
      return new Stamp(
          Optional.ofNullable(is.fileKey()), is.size(), is.lastModifiedTime().toMillis());
    }
  }

  /**
   * A new or changed file that has not been taken yet.
   *
   * @param sinceNanos time of the scan that detected the first change
   * @param steadyNanos time of the scan that detected the last change
   */
  private record Change(Stamp stamp, long sinceNanos, long steadyNanos) {}

  private record Candidate(String name, Path file) {}

  /**
   * Opens a folder; the files in it count as taken.
   *
   * @param maxBytes larger images are skipped
   * @throws SourceException it is not a readable folder
   */
  public FollowedFolder(Path folder, int maxBytes, Duration every, Ticker ticker)
      throws SourceException {
    this.folder = folder;
    this.maxBytes = maxBytes;
    this.everyNanos = every.toNanos();
    this.ticker = ticker;
    if (!Files.isDirectory(folder)) {
      throw new SourceException(folder + ": not a folder (allowed with --follow: one folder)");
    }
    try {
      FolderScan scan = FolderScan.of(folder);
      scan.images().forEach((name, found) -> taken.put(name, Stamp.of(found.is())));
      this.before = scan.leftOut();
      tell(scan);
    } catch (IOException e) {
      throw new SourceException(folder + ": cannot be read: " + FileFailure.reason(e));
    }
    this.nextLookNanos = ticker.nanos() + everyNanos;
  }

  @Override
  public Next next() {
    long now = ticker.nanos();
    if (ready.isEmpty() && now - nextLookNanos >= 0) {
      look(now);
    }
    while (problems.isEmpty() && !ready.isEmpty()) {
      Optional<Next> image = take(ready.remove(), now);
      if (image.isPresent()) {
        return image.get();
      }
    }
    Next problem = problems.poll();
    return problem != null ? problem : new Next.Waiting(Math.max(0, nextLookNanos - now));
  }

  private void look(long now) {
    try {
      FolderScan scan = FolderScan.of(folder);
      compare(scan, now);
      tell(scan);
      leftOut = scan.leftOut();
      readable = true;
    } catch (IOException e) {
      if (readable) {
        problems.add(
            new Next.Skipped(folder.toString(), "cannot be read: " + FileFailure.reason(e)));
      }
      readable = false;
    }
    long took = ticker.nanos() - now;
    nextLookNanos = now + took + Math.max(everyNanos, PAUSES * took);
  }

  /** Reports each unreadable entry once until it is readable again. */
  private void tell(FolderScan scan) {
    unreadable.retainAll(scan.unreadable().keySet());
    scan.unreadable()
        .forEach(
            (name, reason) -> {
              if (unreadable.add(name)) {
                problems.add(new Next.Skipped(name, "cannot be read: " + reason));
              }
            });
  }

  private void compare(FolderScan scan, long now) {
    taken.keySet().retainAll(scan.images().keySet());
    changes.keySet().retainAll(scan.images().keySet());
    scan.images().forEach((name, found) -> compare(name, found, now));
  }

  private void compare(String name, FolderScan.Found found, long now) {
    Stamp stamp = Stamp.of(found.is());
    if (stamp.equals(taken.get(name))) {
      changes.remove(name);
      return;
    }
    Change before = changes.get(name);
    if (before == null) {
      changes.put(name, new Change(stamp, now, now));
      return;
    }
    boolean steady = before.stamp().equals(stamp);
    if (!steady) {
      changes.put(name, new Change(stamp, before.sinceNanos(), now));
    }
    if (steady || now - before.sinceNanos() >= SAMPLE_EVERY.toNanos()) {
      ready.add(new Candidate(name, found.file()));
    }
  }

  /** Reads the image; empty if it is not complete yet. */
  private Optional<Next> take(Candidate candidate, long now) {
    String name = candidate.name();
    Stamp stamp;
    Next next;
    try {
      stamp = Stamp.of(Files.readAttributes(candidate.file(), BasicFileAttributes.class));
      next =
          ImageListing.read(
              ImageListing.listed(name, Optional.empty(), candidate.file()), maxBytes);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      stamp = changes.get(name).stamp();
      next = new Next.Skipped(name, "cannot be read: " + FileFailure.reason(e));
    }
    boolean whole = next instanceof Next.Ready image && ImageEnd.isReached(image.image().content());
    if (!whole && now - changes.get(name).steadyNanos() < PATIENCE.toNanos()) {
      return Optional.empty();
    }
    taken.put(name, stamp);
    changes.remove(name);
    return Optional.of(next);
  }

  @Override
  public OptionalInt total() {
    return OptionalInt.empty();
  }

  @Override
  public Optional<String> leftOut() {
    leftOut.removeAll(before);
    return leftOut.text();
  }
}
