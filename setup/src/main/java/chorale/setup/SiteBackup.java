package chorale.setup;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** A backup of a site's folder: a zip file that only its owner can read. Stateless. */
final class SiteBackup {
  private static final int MAX_FILE_BYTES = 16 << 20;

  private SiteBackup() {}

  static void write(Path folder, Path file) throws IOException {
    List<Path> all;
    try (Stream<Path> found = Files.walk(folder)) {
      all =
          found
              .filter(Files::isRegularFile)
              .filter(each -> !each.toString().endsWith(PrivateFiles.UNFINISHED))
              .sorted()
              .toList();
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Path each : all) {
        String name = folder.relativize(each).toString().replace('\\', '/');
        zip.putNextEntry(new ZipEntry(name));
        Files.copy(each, zip);
        zip.closeEntry();
      }
    }
    PrivateFiles.write(file, bytes.toByteArray());
  }

  /**
   * Restores a backup. The site's main file is written last, so a partial restore is not a valid
   * site.
   */
  static void restore(Path file, Path folder) throws SetupException, IOException {
    Map<Path, byte[]> files = new TreeMap<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : zip.stream().filter(each -> !each.isDirectory()).toList()) {
        Path path = folder.resolve(entry.getName()).normalize();
        if (!path.startsWith(folder) || entry.getSize() > MAX_FILE_BYTES) {
          throw new SetupException(
              file + ": '" + entry.getName() + "' is not part of a site's backup");
        }
        files.put(path, zip.getInputStream(entry).readNBytes(MAX_FILE_BYTES));
      }
    } catch (java.util.zip.ZipException e) {
      throw new SetupException(file + ": not a backup from 'chorale setup --backup'");
    }
    Path site = folder.resolve(SiteStore.FILE);
    byte[] last = files.remove(site);
    if (last == null) {
      throw new SetupException(
          file + ": not a backup of a site (it has no " + SiteStore.FILE + ")");
    }
    for (Map.Entry<Path, byte[]> each : files.entrySet()) {
      PrivateFiles.write(each.getKey(), each.getValue());
    }
    PrivateFiles.write(site, last);
  }
}
