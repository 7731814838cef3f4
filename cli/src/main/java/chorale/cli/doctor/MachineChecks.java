package chorale.cli.doctor;

import chorale.protocol.FileFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The checks of {@code doctor} on the machine itself. Stateless. */
final class MachineChecks {
  private static final long MEBIBYTE = 1024 * 1024;
  private static final long WORKER_MEBIBYTES = 200;
  private static final long LEAST_MEBIBYTES = 100;
  private static final long DISK_MEBIBYTES = 300;
  private static final long NATIVE_MEBIBYTES = 64;

  /** Processor flags (x86 and Arm) for which fast matrix kernels exist. */
  private static final List<String> FAST =
      List.of("avx2", "avx512f", "avx512_vnni", "amx_int8", "asimd", "asimddp", "sve", "i8mm");

  private static final Pattern GLIBC = Pattern.compile("(\\d+)\\.(\\d+)");

  private MachineChecks() {}

  static List<Finding> all() {
    return List.of(
        java(), libc(), processor(), memory(), disk(), temporaryFolder(), clock(Clock.systemUTC()));
  }

  private static Finding java() {
    String text =
        "%s (%s) on %s %s"
            .formatted(
                Runtime.version(),
                System.getProperty("java.vendor"),
                System.getProperty("os.name"),
                System.getProperty("os.arch"));
    return "32".equals(System.getProperty("sun.arch.data.model"))
        ? Finding.fail("java", text + ": a worker needs a 64-bit Java; install one")
        : Finding.ok("java", text);
  }

  private static Finding libc() {
    if (!System.getProperty("os.name").equals("Linux")) {
      return Finding.ok("glibc", "not needed on " + System.getProperty("os.name"));
    }
    return libc(outputOf("getconf", "GNU_LIBC_VERSION"));
  }

  /**
   * @param told the output of {@code getconf GNU_LIBC_VERSION}, such as {@code glibc 2.36}
   */
  static Finding libc(Optional<String> told) {
    Matcher version = GLIBC.matcher(told.orElse(""));
    if (told.isEmpty() || !told.get().startsWith("glibc") || !version.find()) {
      return Finding.warn(
          "glibc", "not found; a worker needs glibc 2.28 or later (Alpine's musl does not work)");
    }
    int major = Integer.parseInt(version.group(1));
    int minor = Integer.parseInt(version.group(2));
    return major > 2 || (major == 2 && minor >= 28)
        ? Finding.ok("glibc", version.group())
        : Finding.fail(
            "glibc",
            version.group()
                + " is too old for a worker, which needs 2.28 or later (Debian 10,"
                + " Ubuntu 18.10)");
  }

  private static Finding processor() {
    return processor(Runtime.getRuntime().availableProcessors(), read(Path.of("/proc/cpuinfo")));
  }

  static Finding processor(int count, Optional<String> cpuinfo) {
    String cores = count == 1 ? "1 core" : count + " cores";
    if (cpuinfo.isEmpty()) {
      return Finding.ok("cpu", cores);
    }
    Set<String> flags = new TreeSet<>();
    cpuinfo
        .get()
        .lines()
        .filter(line -> line.startsWith("flags") || line.startsWith("Features"))
        .limit(1)
        .forEach(
            line ->
                flags.addAll(
                    Arrays.asList(
                        line.substring(line.indexOf(':') + 1).strip().split("\\s+", -1))));
    flags.retainAll(FAST);
    return flags.isEmpty()
        ? Finding.warn("cpu", cores + ", none of " + FAST + ": inference will be slow")
        : Finding.ok("cpu", cores + ", " + String.join(" ", flags));
  }

  private static Finding memory() {
    return memory(read(Path.of("/proc/meminfo")));
  }

  static Finding memory(Optional<String> meminfo) {
    Matcher available = Pattern.compile("MemAvailable:\\s+(\\d+) kB").matcher(meminfo.orElse(""));
    if (!available.find()) {
      return Finding.ok("memory", "free memory is not known on this platform");
    }
    long free = Long.parseLong(available.group(1)) / 1024;
    String text = free + " MiB available";
    if (free < LEAST_MEBIBYTES) {
      return Finding.fail("memory", text + ": a worker needs about 150 MiB; end other programs");
    }
    return free < WORKER_MEBIBYTES
        ? Finding.warn(
            "memory",
            text + " (recommended: " + WORKER_MEBIBYTES + " MiB; a worker needs about 150 MiB)")
        : Finding.ok("memory", text);
  }

  private static Finding disk() {
    try {
      return disk(Files.getFileStore(Path.of("/")).getUsableSpace() / MEBIBYTE);
    } catch (IOException e) {
      return Finding.ok("disk", "free space is not known on this platform");
    }
  }

  static Finding disk(long free) {
    String text = free + " MiB free on /";
    return free < DISK_MEBIBYTES
        ? Finding.warn(
            "disk",
            text
                + ": updates and logs need more; 'apt clean' and 'journalctl --vacuum-size=50M'"
                + " free space")
        : Finding.ok("disk", text);
  }

  private static Finding temporaryFolder() {
    Path folder = Path.of(System.getProperty("java.io.tmpdir"));
    try {
      Path probe = Files.createTempFile(folder, "chorale", ".probe");
      Files.delete(probe);
      long free = Files.getFileStore(folder).getUsableSpace() / MEBIBYTE;
      String text = folder + ", " + free + " MiB free";
      return free < NATIVE_MEBIBYTES
          ? Finding.warn("temp", text + ": free some space; native libraries may be unpacked there")
          : Finding.ok("temp", text);
    } catch (IOException e) {
      return Finding.fail("temp", folder + " cannot be written: " + FileFailure.reason(e));
    }
  }

  /**
   * Checks the clock, for certificates and timestamps; Chorale does not compare clocks of machines.
   */
  static Finding clock(Clock clock) {
    var now = clock.instant().atZone(ZoneOffset.UTC);
    return now.getYear() < 2025 || now.getYear() > 2100
        ? Finding.warn(
            "clock",
            now.toLocalDate()
                + ": the date is wrong; TLS will fail, and results carry wrong times; set up NTP:"
                + " 'timedatectl set-ntp true'")
        : Finding.ok("clock", now.toLocalDate() + " UTC; deadlines do not depend on it");
  }

  static Optional<String> read(Path file) {
    try {
      return Optional.of(Files.readString(file));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  static Optional<String> outputOf(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      try (var output = process.getInputStream()) {
        process.getOutputStream().close();
        String text = new String(output.readNBytes(1024), StandardCharsets.UTF_8);
        return process.waitFor(2, TimeUnit.SECONDS) && process.exitValue() == 0
            ? Optional.of(text.toLowerCase(Locale.ROOT).strip())
            : Optional.empty();
      }
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
