package chorale.publisher;

import chorale.protocol.Bytes;
import chorale.protocol.Limits;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * What was found under the paths a user named: the names and labels of images whose bytes are read
 * only when it is their turn. It owns the open zip files; used by one thread.
 *
 * <p>A folder is searched with all its subfolders, in the order of the names. Inside a folder or a
 * zip the name of an image's own folder is its label, where there are at least two such folders. A
 * file named by itself has none.
 */
public final class ImageListing implements Closeable {
  /** Names with which a Mac litters zip files. */
  private static final String MAC_EXTRAS = "__MACOSX/";

  private final List<Listed> images = new ArrayList<>();
  private final List<ZipFile> zips = new ArrayList<>();
  private int notImages;

  /** Opens what one image is read from. */
  @FunctionalInterface
  interface Opener {
    InputStream open() throws IOException;
  }

  /** An image not yet read. */
  record Listed(String name, Optional<String> label, Opener opener) {}

  private ImageListing() {}

  /**
   * @throws SourceException a path is not there or not readable, or no path holds any image
   */
  public static ImageListing of(List<Path> paths) throws SourceException {
    ImageListing listing = new ImageListing();
    try {
      for (Path path : paths) {
        listing.add(path);
      }
      return listing;
    } catch (SourceException | RuntimeException e) {
      listing.close();
      throw e;
    }
  }

  private void add(Path path) throws SourceException {
    int before = images.size();
    try {
      if (Files.isDirectory(path)) {
        addFolder(path);
      } else if (!Files.exists(path)) {
        throw new SourceException(path + ": not found (allowed: " + allowed() + ")");
      } else if (path.toString().toLowerCase(Locale.ROOT).endsWith(".zip")) {
        addZip(path);
      } else if (Image.isImage(fileName(path))) {
        images.add(new Listed(fileName(path), Optional.empty(), () -> Files.newInputStream(path)));
      }
    } catch (IOException e) {
      throw new SourceException(path + ": cannot be read: " + e.getMessage());
    }
    if (images.size() == before) {
      throw new SourceException(path + ": no image found (allowed: " + allowed() + ")");
    }
  }

  private static String allowed() {
    return "files that end in " + Image.ALLOWED + ", folders and zip files of them";
  }

  private void addFolder(Path folder) throws IOException {
    Path root = folder.toRealPath();
    List<Listed> found = new ArrayList<>();
    try (Stream<Path> all = Files.walk(root)) {
      List<Path> files =
          all.filter(Files::isRegularFile).sorted(Comparator.comparing(Path::toString)).toList();
      for (Path file : files) {
        if (Image.isImage(fileName(file))) {
          String name = root.relativize(file).toString().replace('\\', '/');
          found.add(new Listed(name, classFolder(name), () -> Files.newInputStream(file)));
        } else {
          notImages++;
        }
      }
    } catch (java.io.UncheckedIOException e) {
      throw e.getCause();
    }
    images.addAll(withLabels(found));
  }

  private void addZip(Path path) throws IOException {
    ZipFile zip = new ZipFile(path.toFile());
    zips.add(zip);
    List<Listed> found = new ArrayList<>();
    for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
      ZipEntry entry = all.nextElement();
      String name = entry.getName();
      if (entry.isDirectory()) {
        continue;
      }
      if (Image.isImage(name.substring(name.lastIndexOf('/') + 1))
          && !name.startsWith(MAC_EXTRAS)) {
        found.add(new Listed(name, classFolder(name), () -> zip.getInputStream(entry)));
      } else {
        notImages++;
      }
    }
    found.sort(Comparator.comparing(Listed::name));
    images.addAll(withLabels(found));
  }

  private static String fileName(Path path) {
    return String.valueOf(path.getFileName());
  }

  /** The name of the folder an image lies in, unless that is the root. */
  private static Optional<String> classFolder(String name) {
    int end = name.lastIndexOf('/');
    return end <= 0
        ? Optional.empty()
        : Optional.of(name.substring(name.lastIndexOf('/', end - 1) + 1, end));
  }

  private static List<Listed> withLabels(List<Listed> found) {
    Set<String> folders = new HashSet<>();
    found.forEach(each -> each.label().ifPresent(folders::add));
    return folders.size() >= 2 ? found : found.stream().map(ImageListing::withoutLabel).toList();
  }

  public int size() {
    return images.size();
  }

  /** Files that were left out because their names are not those of images. */
  public int notImages() {
    return notImages;
  }

  /** The classes that the folders name, in order; empty where there are none. */
  public NavigableSet<String> labels() {
    NavigableSet<String> labels = new TreeSet<>();
    images.forEach(each -> each.label().ifPresent(labels::add));
    return labels;
  }

  /** Takes the folders' names for what they are: the names of folders. */
  public void dropLabels() {
    images.replaceAll(ImageListing::withoutLabel);
  }

  private static Listed withoutLabel(Listed listed) {
    return new Listed(listed.name(), Optional.empty(), listed.opener());
  }

  /** All images, in the order of their names. */
  public ImageSource all() {
    return inOrder(images);
  }

  /**
   * So many images in an order that the seed decides, as many of each class as there are; a count
   * above {@link #size} takes images again, each about as often as the others.
   */
  public ImageSource sample(int count, long seed) {
    return inOrder(Sample.balanced(images, count, seed));
  }

  private static ImageSource inOrder(List<Listed> order) {
    return new ImageSource() {
      private int position;

      @Override
      public Next next() {
        return position == order.size() ? new Next.Ended() : read(order.get(position++));
      }

      @Override
      public OptionalInt total() {
        return OptionalInt.of(order.size());
      }
    };
  }

  /** Reads no more than the limit, whatever a zip claims about its entry. */
  static ImageSource.Next read(Listed listed) {
    try (InputStream in = listed.opener().open()) {
      byte[] content = in.readNBytes(Limits.MAX_IMAGE_BYTES + 1);
      if (content.length == 0) {
        return new ImageSource.Next.Skipped(listed.name(), "empty");
      }
      if (content.length > Limits.MAX_IMAGE_BYTES) {
        return new ImageSource.Next.Skipped(listed.name(), "larger than 4 MiB");
      }
      return new ImageSource.Next.Ready(
          new Image(listed.name(), listed.label(), Bytes.wrap(content)));
    } catch (IOException e) {
      return new ImageSource.Next.Skipped(listed.name(), "cannot be read: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    for (ZipFile zip : zips) {
      try {
        zip.close();
      } catch (IOException e) {
        System.getLogger(ImageListing.class.getName())
            .log(System.Logger.Level.DEBUG, "closing {0}: {1}", zip.getName(), e.getMessage());
      }
    }
  }
}
