package chorale.publisher;

import java.io.File;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
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

  /** Returns a short reason for people, without the path that Java repeats. */
  static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "no permission to read it";
    }
    String why = e instanceof FileSystemException file ? file.getReason() : e.getMessage();
    return why == null ? e.getClass().getSimpleName() : why;
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
        unreadable.put(name(entry), reason(e));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException e) {
      if (e != null) {
        unreadable.put(name(folder), reason(e));
      }
      return FileVisitResult.CONTINUE;
    }

    private String name(Path entry) {
      return root.relativize(entry).toString().replace(File.separatorChar, '/');
    }
  }
}
