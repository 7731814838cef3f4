package chorale.worker;

import chorale.protocol.FileFailure;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A cache folder for ONNX Runtime's native libraries. By default, ONNX Runtime unpacks 28 MB into
 * the temporary folder at every start (about 180 ms) and leaves the files there if the process is
 * killed. This class unpacks them once and sets ONNX Runtime's system property to the folder.
 * Stateless apart from this property; processes may share the folder.
 *
 * <p>{@link OnnxModel} calls this class before it loads the library. Each file is moved into place
 * when complete, so that processes that start together never read partial files. A file with the
 * same size as in the jar is reused. Partial files of killed processes are deleted. The folder must
 * belong to the user: anyone who can write to it can run code in the worker.
 */
public final class NativeRuntime {
  /** ONNX Runtime's own property. If the user has set it, it is used unchanged. */
  static final String PROPERTY = "onnxruntime.native.path";

  /** The environment variable that overrides the cache folder. */
  public static final String CACHE_VARIABLE = "CHORALE_CACHE";

  private static final System.Logger LOG = System.getLogger(NativeRuntime.class.getName());
  private static final Pattern PART = Pattern.compile(".+\\.(?<pid>\\d{1,18})\\.\\d+\\.part");
  private static final String ROOT = "ai/onnxruntime/native/";
  private static final List<String> PLATFORMS =
      List.of("linux-x64", "linux-aarch64", "osx-aarch64", "win-x64");

  private NativeRuntime() {}

  /** Returns {@code $CHORALE_CACHE}, by default {@code .cache/chorale} in the user's home. */
  public static Path defaultCache(Map<String, String> environment) {
    String told = environment.getOrDefault(CACHE_VARIABLE, "");
    return told.isEmpty()
        ? Path.of(System.getProperty("user.home"), ".cache", "chorale")
        : Path.of(told);
  }

  /**
   * Unpacks this platform's libraries below a cache folder. If the folder is not writable, this
   * logs a warning, and ONNX Runtime unpacks them itself at every start.
   *
   * @throws WorkerStartException ONNX Runtime has no library for this platform
   */
  public static void prepare(Path cache) throws WorkerStartException {
    if (!System.getProperty(PROPERTY, "").isEmpty()) {
      return;
    }
    String platform =
        platform(
            System.getProperty("os.name"), System.getProperty("os.arch"), isMusl(Path.of("/")));
    try {
      System.setProperty(PROPERTY, unpack(platform, cache).toString());
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "cannot cache ONNX Runtime''s libraries, so it unpacks them at every start: {0}; set {1}"
              + " to a writable folder",
          FileFailure.described(e, cache),
          CACHE_VARIABLE);
    }
  }

  /** Returns ONNX Runtime's name of the platform, one of those in its jar. */
  static String platform(String osName, String osArch, boolean musl) throws WorkerStartException {
    String os = osName.toLowerCase(Locale.ROOT);
    String system = os.startsWith("mac") ? "osx" : os.startsWith("windows") ? "win" : os;
    String processor =
        switch (osArch) {
          case "amd64", "x86_64" -> "x64";
          case "aarch64", "arm64" -> "aarch64";
          default -> osArch;
        };
    String platform = system + "-" + processor;
    if (musl || !PLATFORMS.contains(platform)) {
      throw new WorkerStartException(
          "ONNX Runtime has no native library for "
              + platform
              + (musl ? " with musl" : "")
              + " (available: "
              + String.join(", ", PLATFORMS)
              + ", on Linux with glibc; on a 32-bit system or Java, install a 64-bit one)");
    }
    return platform;
  }

  /**
   * Returns whether the system (such as Alpine) has only musl's loader, which cannot load glibc
   * libraries.
   */
  static boolean isMusl(Path root) {
    return holds(root.resolve("lib"), "ld-musl-*")
        && !holds(root.resolve("lib"), "ld-linux*")
        && !holds(root.resolve("lib64"), "ld-linux*");
  }

  private static boolean holds(Path folder, String pattern) {
    try (var found = Files.newDirectoryStream(folder, pattern)) {
      return found.iterator().hasNext();
    } catch (IOException e) {
      return false;
    }
  }

  private static Path unpack(String platform, Path cache) throws IOException, WorkerStartException {
    Path folder = cache.resolve("onnxruntime-" + version() + "-" + platform).toAbsolutePath();
    Files.createDirectories(folder);
    deleteAbandoned(folder);
    for (String library : List.of("onnxruntime", "onnxruntime4j_jni")) {
      String file = System.mapLibraryName(library);
      URL packed = NativeRuntime.class.getClassLoader().getResource(ROOT + platform + "/" + file);
      if (packed == null) {
        throw new WorkerStartException(
            "this installation contains no ONNX Runtime library for "
                + platform
                + "; install the package for this platform");
      }
      unpack(packed, folder, file);
    }
    return folder;
  }

  private static void unpack(URL packed, Path folder, String file) throws IOException {
    Path target = folder.resolve(file);
    URLConnection connection = packed.openConnection();
    connection.setUseCaches(false);
    try (InputStream in = connection.getInputStream()) {
      if (Files.exists(target) && Files.size(target) == connection.getContentLengthLong()) {
        return;
      }
      long pid = ProcessHandle.current().pid();
      Path part = Files.createTempFile(folder, file + "." + pid + ".", ".part");
      try {
        Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
        move(part, target);
      } finally {
        Files.deleteIfExists(part);
      }
    }
  }

  private static void deleteAbandoned(Path folder) throws IOException {
    try (var parts = Files.newDirectoryStream(folder, "*.part")) {
      for (Path part : parts) {
        Matcher name = PART.matcher(part.getFileName().toString());
        if (name.matches() && ProcessHandle.of(Long.parseLong(name.group("pid"))).isEmpty()) {
          Files.deleteIfExists(part);
        }
      }
    }
  }

  private static void move(Path part, Path target) throws IOException {
    try {
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Returns the version of ONNX Runtime's jar; each version has its own folder. */
  private static String version() throws IOException {
    URL loader =
        NativeRuntime.class.getClassLoader().getResource("ai/onnxruntime/OnnxRuntime.class");
    if (loader != null && loader.openConnection() instanceof JarURLConnection jar) {
      jar.setUseCaches(false);
      try (var file = jar.getJarFile()) {
        var manifest = file.getManifest();
        String version =
            manifest == null
                ? null
                : manifest.getMainAttributes().getValue("Implementation-Version");
        if (version != null) {
          return version;
        }
      }
    }
    return "unknown";
  }
}
