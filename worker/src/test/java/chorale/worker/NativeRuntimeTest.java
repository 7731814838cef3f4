package chorale.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NativeRuntimeTest {
  private final String before = System.getProperty(NativeRuntime.PROPERTY, "");

  @TempDir Path cache;

  @BeforeEach
  void clear() {
    System.clearProperty(NativeRuntime.PROPERTY);
  }

  @AfterEach
  void restore() {
    if (before.isEmpty()) {
      System.clearProperty(NativeRuntime.PROPERTY);
    } else {
      System.setProperty(NativeRuntime.PROPERTY, before);
    }
  }

  @Test
  void prepare_twice_unpacksOnceAndRepairsTruncatedFiles() throws Exception {
    NativeRuntime.prepare(cache);
    Path folder = Path.of(System.getProperty(NativeRuntime.PROPERTY));
    Path library = folder.resolve(System.mapLibraryName("onnxruntime4j_jni"));
    long size = Files.size(library);
    Object first = Files.getLastModifiedTime(library);

    assertTrue(folder.startsWith(cache.toAbsolutePath()), folder.toString());
    assertTrue(
        folder.getFileName().toString().matches("onnxruntime-\\d+\\.\\d+\\.\\d+-[a-z0-9-]+"));

    clear();
    NativeRuntime.prepare(cache);
    assertEquals(first, Files.getLastModifiedTime(library));

    clear();
    Files.writeString(library, "half");
    NativeRuntime.prepare(cache);
    assertEquals(size, Files.size(library));
    try (var files = Files.list(folder)) {
      assertEquals(2, files.count());
    }
  }

  @Test
  void prepare_partialFilesOfAKilledProcess_areDeleted() throws Exception {
    NativeRuntime.prepare(cache);
    Path folder = Path.of(System.getProperty(NativeRuntime.PROPERTY));
    long gone = 999_999_999; // larger than any process id
    Path abandoned = Files.createFile(folder.resolve("libx.so." + gone + ".123.part"));
    long own = ProcessHandle.current().pid();
    Path inUse = Files.createFile(folder.resolve("libx.so." + own + ".123.part"));

    clear();
    NativeRuntime.prepare(cache);

    assertFalse(Files.exists(abandoned));
    assertTrue(Files.exists(inUse));
  }

  @Test
  void prepare_isCalledWhenANetworkIsOpened(@TempDir Path models) throws Exception {
    Corners.open(models).close();

    assertFalse(System.getProperty(NativeRuntime.PROPERTY, "").isEmpty());
  }

  @Test
  void prepare_folderSetByTheUser_isUsedUnchanged() throws Exception {
    System.setProperty(NativeRuntime.PROPERTY, "/told");

    NativeRuntime.prepare(cache);

    assertEquals("/told", System.getProperty(NativeRuntime.PROPERTY));
  }

  @Test
  void platform_knownOnes_areNamedAsInTheJar() throws Exception {
    assertEquals("linux-x64", NativeRuntime.platform("Linux", "amd64", false));
    assertEquals("linux-aarch64", NativeRuntime.platform("Linux", "aarch64", false));
    assertEquals("osx-aarch64", NativeRuntime.platform("Mac OS X", "aarch64", false));
    assertEquals("win-x64", NativeRuntime.platform("Windows 11", "amd64", false));
  }

  @Test
  void platform_others_areRefusedByName() {
    assertRefused("linux-arm ", "Linux", "arm", false);
    assertRefused("linux-x64 with musl", "Linux", "amd64", true);
    assertRefused("osx-x64 ", "Mac OS X", "x86_64", false);
  }

  private static void assertRefused(String part, String os, String arch, boolean musl) {
    String message =
        assertThrows(WorkerStartException.class, () -> NativeRuntime.platform(os, arch, musl))
            .getMessage();
    assertTrue(message.contains(part), message);
    assertTrue(message.contains("available: linux-x64, linux-aarch64"), message);
  }

  @Test
  void isMusl_onlyWithoutTheGlibcLoader() throws Exception {
    Path lib = Files.createDirectories(cache.resolve("lib"));
    assertFalse(NativeRuntime.isMusl(cache));
    Files.createFile(lib.resolve("ld-musl-x86_64.so.1"));
    assertTrue(NativeRuntime.isMusl(cache));
    Files.createFile(
        Files.createDirectories(cache.resolve("lib64")).resolve("ld-linux-x86-64.so.2"));
    assertFalse(NativeRuntime.isMusl(cache));
  }

  @Test
  void defaultCache_environmentComesFirst() {
    assertEquals(
        Path.of("/var/cache/x"),
        NativeRuntime.defaultCache(Map.of(NativeRuntime.CACHE_VARIABLE, "/var/cache/x")));
    assertTrue(NativeRuntime.defaultCache(Map.of()).endsWith(Path.of(".cache", "chorale")));
  }
}
