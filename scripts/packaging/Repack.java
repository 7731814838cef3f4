import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * A copier of jars for a package: {@code java Repack.java LIB NATIVE PLATFORM JAR...}.
 *
 * <p>Entries are not compressed, because xz then compresses all jars together and Java starts faster.
 * They are sorted and have a fixed time, for reproducible bytes. Excluded are:
 *
 * <ul>
 *   <li>signatures, which Java would check at every start
 *   <li>RocksDB's native libraries, because HiveMQ keeps nothing on disk here
 *   <li>debug symbols, and libraries for Windows, which the start script does not support
 *   <li>Micrometer's adapters of other libraries, two thirds of its size
 * </ul>
 *
 * <p>ONNX Runtime's libraries for PLATFORM go to the folder NATIVE. Those for other platforms are
 * excluded, unless PLATFORM is {@code all}.
 */
final class Repack {
  private static final LocalDateTime TIME = LocalDateTime.of(2026, 11, 23, 0, 0);
  private static final String MANIFEST = "META-INF/MANIFEST.MF";
  private static final Pattern LEFT_OUT =
      Pattern.compile(
          "META-INF/[^/]*\\.(SF|RSA|DSA|EC|LIST)|librocksdbjni.*|ai/onnxruntime/native/.*(\\.dSYM/|\\.dll$).*"
              + "|io/micrometer/core/(aop|instrument/(binder/[^/]+|dropwizard))/.*");
  private static final Pattern NATIVE = Pattern.compile("ai/onnxruntime/native/([^/]+)/([^/]+)");

  public static void main(String[] arguments) throws IOException {
    Path lib = Path.of(arguments[0]);
    Path natives = Path.of(arguments[1]);
    String platform = arguments[2];
    for (String jar : List.of(arguments).subList(3, arguments.length)) {
      Path source = Path.of(jar);
      Map<String, byte[]> entries = read(source);
      if (!platform.equals("all")) {
        takeNatives(entries, natives, platform);
      }
      write(entries, lib.resolve(source.getFileName()));
    }
  }

  private static Map<String, byte[]> read(Path jar) throws IOException {
    Map<String, byte[]> entries = new TreeMap<>();
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
        ZipEntry entry = all.nextElement();
        if (!entry.isDirectory() && !LEFT_OUT.matcher(entry.getName()).matches()) {
          entries.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
        }
      }
    }
    return entries;
  }

  private static void takeNatives(Map<String, byte[]> entries, Path natives, String platform)
      throws IOException {
    for (String name : List.copyOf(entries.keySet())) {
      var found = NATIVE.matcher(name);
      if (found.matches()) {
        byte[] content = entries.remove(name);
        if (found.group(1).equals(platform)) {
          Files.createDirectories(natives);
          Files.write(natives.resolve(found.group(2)), content);
        }
      }
    }
  }

  private static void write(Map<String, byte[]> entries, Path jar) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      byte[] manifest = entries.remove(MANIFEST);
      if (manifest != null) { // JarInputStream expects it first
        put(zip, MANIFEST, manifest);
      }
      for (Map.Entry<String, byte[]> each : entries.entrySet()) {
        put(zip, each.getKey(), each.getValue());
      }
    }
  }

  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    entry.setTimeLocal(TIME);
    zip.putNextEntry(entry);
    zip.write(content);
  }
}
