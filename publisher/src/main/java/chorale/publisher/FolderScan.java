package chorale.publisher;

import chorale.protocol.FileFailure;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A snapshot of the files in a folder and all its subfolders, indexed by their path relative to the
 * folder. Unreadable entries are listed separately. Links to files are followed, links to folders
 * are not. Used by one thread.
 */
final class FolderScan {
  private final Path root;
  private final NavigableMap<String, Found> images = new TreeMap<>();
  private final NavigableMap<String, String> unreadable = new TreeMap<>();
  private final LeftOut leftOut = new LeftOut();

  /** An image file with its attributes. */
  record Found(Path file, BasicFileAttributes is) {}

  private FolderScan(Path root) {
    this.root = root;
  }

  /**
   * @throws IOException the folder itself cannot be read
   */
  static FolderScan of(Path folder) throws IOException {
    FolderScan scan = new FolderScan(folder.toRealPath());
    Files.walkFileTree(scan.root, scan.new Visitor());
    return scan;
  }

  NavigableMap<String, Found> images() {
    return images;
  }

  /** Returns the entries that cannot be read, with the reasons. */
  NavigableMap<String, String> unreadable() {
    return unreadable;
  }

  LeftOut leftOut() {
    return leftOut;
  }

  private final class Visitor extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes is) throws IOException {
      if (is.isSymbolicLink()) {
        return visitLink(file);
      }
      String name = name(file);
      if (!is.isRegularFile() || !Image.isImage(String.valueOf(file.getFileName()))) {
        leftOut.addFile(name);
      } else {
        images.put(name, new Found(file, is));
      }
      return FileVisitResult.CONTINUE;
    }

    private FileVisitResult visitLink(Path link) throws IOException {
      try {
        BasicFileAttributes target = Files.readAttributes(link, BasicFileAttributes.class);
        if (!target.isDirectory()) {
          return visitFile(link, target);
        }
        leftOut.addLinkedFolder(name(link));
        return FileVisitResult.CONTINUE;
      } catch (IOException e) {
        return visitFileFailed(link, e);
      }
    }

    @Override
    public FileVisitResult visitFileFailed(Path entry, IOException e) throws IOException {
      if (entry.equals(root)) {
        throw e;
      }
      if (!(e instanceof NoSuchFileException) || Files.isSymbolicLink(entry)) {
        unreadable.put(name(entry), FileFailure.reason(e));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException e) {
      if (e != null) {
        unreadable.put(name(folder), FileFailure.reason(e));
      }
      return FileVisitResult.CONTINUE;
    }

    private String name(Path entry) {
      return root.relativize(entry).toString().replace(File.separatorChar, '/');
    }
  }
}
