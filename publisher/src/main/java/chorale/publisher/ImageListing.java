package chorale.publisher;

import chorale.protocol.Bytes;
import chorale.protocol.FileFailure;
import chorale.protocol.Limits;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;

/**
 * A list of the images under the paths that a user named: names and labels. Their bytes are read
 * only when needed. Owns the open zip files. Used by one thread; close it after use.
 *
 * <p>A folder is searched with all its subfolders, in the order of names. In a folder or a zip file
 * with at least two folders of images, the name of an image's own folder is its label. A file that
 * the user named directly has no label. The first source that reads from this list reports the
 * unreadable files as skipped. Files that are not images are counted in {@link #leftOut}.
 */
public final class ImageListing implements Closeable {
  /** A folder of metadata that macOS adds to zip files. */
  private static final String MAC_EXTRAS = "__MACOSX/";

  private final int maxBytes;
  private final List<Listed> images = new ArrayList<>();
  private final List<ZipArchive> zips = new ArrayList<>();
  private final Queue<ImageSource.Next.Skipped> unreadable = new ArrayDeque<>();
  private final LeftOut leftOut = new LeftOut();

  /** A reader of one image. */
  @FunctionalInterface
  interface Reader {
    byte[] read(int limit) throws IOException;
  }

  /** An image not yet read. */
  record Listed(String name, Optional<String> label, Reader reader) {}

  private ImageListing(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Lists images that fit into a frame unchanged. */
  public static ImageListing of(List<Path> paths) throws SourceException {
    return of(paths, Limits.MAX_IMAGE_BYTES);
  }

  /**
   * @param maxBytes larger images are skipped
   * @throws SourceException a path does not exist or is unreadable, or no path contains an image
   */
  public static ImageListing of(List<Path> paths, int maxBytes) throws SourceException {
    ImageListing listing = new ImageListing(maxBytes);
    try {
      for (Path path : paths) {
        listing.add(path);
      }
      listing.requireAny(paths);
      return listing;
    } catch (SourceException | RuntimeException e) {
      listing.close();
      throw e;
    }
  }

  private void add(Path path) throws SourceException {
    try {
      if (Files.isDirectory(path)) {
        addFolder(path);
      } else if (!Files.exists(path)) {
        throw new SourceException(path + ": not found (allowed: " + allowed() + ")");
      } else if (path.toString().toLowerCase(Locale.ROOT).endsWith(".zip")) {
        addZip(path);
      } else if (Image.isImage(fileName(path))) {
        images.add(listed(fileName(path), Optional.empty(), path));
      } else {
        leftOut.addFile(path.toString());
      }
    } catch (IOException e) {
      throw new SourceException(path + ": cannot be read: " + FileFailure.reason(e));
    }
  }

  private void requireAny(List<Path> paths) throws SourceException {
    if (images.isEmpty()) {
      String named = String.join(", ", paths.stream().map(Path::toString).toList());
      String found =
          unreadable.isEmpty()
              ? leftOut.text().map(text -> "; " + text).orElse("")
              : "; " + unreadable.peek().name() + ": " + unreadable.peek().reason();
      throw new SourceException(named + ": no image found (allowed: " + allowed() + ")" + found);
    }
  }

  private static String allowed() {
    return "files that end in " + Image.ALLOWED + ", folders and zip files of them";
  }

  private void addFolder(Path folder) throws IOException {
    FolderScan scan = FolderScan.of(folder);
    List<Listed> found = new ArrayList<>();
    scan.images()
        .forEach((name, image) -> found.add(listed(name, classFolder(name), image.file())));
    images.addAll(withLabels(found));
    scan.unreadable().forEach((name, reason) -> unreadable.add(skipped(name, reason)));
    leftOut.addAll(scan.leftOut());
  }

  static Listed listed(String name, Optional<String> label, Path file) {
    return new Listed(name, label, limit -> read(file, limit));
  }

  private static byte[] read(Path file, int limit) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(limit + 1);
    }
  }

  private void addZip(Path path) throws IOException {
    ZipArchive zip = ZipArchive.open(path);
    zips.add(zip);
    List<Listed> found = new ArrayList<>();
    for (ZipArchive.Entry entry : zip.entries()) {
      String name = entry.name();
      if (entry.isFolder() || name.startsWith(MAC_EXTRAS)) {
        continue;
      }
      if (Image.isImage(name.substring(name.lastIndexOf('/') + 1))) {
        found.add(new Listed(name, classFolder(name), limit -> zip.read(entry, limit)));
      } else {
        leftOut.addFile(name);
      }
    }
    found.sort(Comparator.comparing(Listed::name));
    images.addAll(withLabels(found));
  }

  private static String fileName(Path path) {
    return String.valueOf(path.getFileName());
  }

  /** Returns the name of an image's folder, unless that is the root. */
  private static Optional<String> classFolder(String name) {
    int end = name.lastIndexOf('/');
    return end <= 0
        ? Optional.empty()
        : Optional.of(name.substring(name.lastIndexOf('/', end - 1) + 1, end));
  }

  private static List<Listed> withLabels(List<Listed> found) {
    Set<String> folders = new HashSet<>();
    found.forEach(each -> each.label().ifPresent(folders::add));
    return folders.size() >= 2
        ? found
        : found.stream()
            .map(each -> new Listed(each.name(), Optional.empty(), each.reader()))
            .toList();
  }

  public int size() {
    return images.size();
  }

  /** Returns a summary for people of the files that are not images. */
  public Optional<String> leftOut() {
    return leftOut.text();
  }

  /** Returns the classes that the folders name, in order; empty if there are none. */
  public NavigableSet<String> labels() {
    NavigableSet<String> labels = new TreeSet<>();
    images.forEach(each -> each.label().ifPresent(labels::add));
    return labels;
  }

  /** Returns all images in the order of their names. */
  public ImageSource all() {
    return inOrder(images);
  }

  /**
   * Returns a pseudorandom sample of {@code count} images, balanced between the classes as far as
   * possible. A count above {@link #size} repeats images, each about equally often.
   */
  public ImageSource sample(int count, long seed) {
    return inOrder(Sample.balanced(images, count, seed));
  }

  private ImageSource inOrder(List<Listed> order) {
    return new ImageSource() {
      private int position;

      @Override
      public Next next() {
        Next.Skipped first = unreadable.poll();
        if (first != null) {
          return first;
        }
        return position == order.size() ? new Next.Ended() : read(order.get(position++), maxBytes);
      }

      @Override
      public OptionalInt total() {
        return OptionalInt.of(order.size());
      }

      @Override
      public Optional<String> leftOut() {
        return leftOut.text();
      }
    };
  }

  /** Reads at most one byte more than the limit, regardless of the size claimed by a zip file. */
  static ImageSource.Next read(Listed listed, int maxBytes) {
    try {
      byte[] content = listed.reader().read(maxBytes);
      if (content.length == 0) {
        return new ImageSource.Next.Skipped(listed.name(), "empty");
      }
      if (content.length > maxBytes) {
        return new ImageSource.Next.Skipped(listed.name(), tooLarge(maxBytes));
      }
      return new ImageSource.Next.Ready(
          new Image(listed.name(), listed.label(), Bytes.wrap(content)));
    } catch (IOException e) {
      return skipped(listed.name(), FileFailure.reason(e));
    }
  }

  static String tooLarge(int maxBytes) {
    return "larger than "
        + (maxBytes >> 20)
        + " MiB"
        + (maxBytes < RightSize.MAX_FILE_BYTES
            ? " ('publish' and 'demo' can reduce it: --right-size)"
            : "");
  }

  private static ImageSource.Next.Skipped skipped(String name, String reason) {
    return new ImageSource.Next.Skipped(name, "cannot be read: " + reason);
  }

  @Override
  public void close() {
    for (ZipArchive zip : zips) {
      try {
        zip.close();
      } catch (IOException e) {
        System.getLogger(ImageListing.class.getName())
            .log(System.Logger.Level.DEBUG, "closing a zip: {0}", e.getMessage());
      }
    }
  }
}
