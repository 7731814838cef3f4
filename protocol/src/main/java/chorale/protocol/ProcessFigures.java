package chorale.protocol;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Memory and temperature of this process and machine for health topics, read from Linux's {@code
 * /proc} and {@code /sys}. Adds nothing where they are missing. Stateless.
 */
public final class ProcessFigures {
  private static final Path ROOT = Path.of("/");

  private ProcessFigures() {}

  /** Adds {@code resident_bytes} and {@code heap_bytes}. */
  public static void addMemory(Map<String, Long> counters) {
    addMemory(counters, ROOT);
  }

  static void addMemory(Map<String, Long> counters, Path root) {
    Runtime java = Runtime.getRuntime();
    counters.put("heap_bytes", java.totalMemory() - java.freeMemory());
    try {
      for (String line : Files.readAllLines(root.resolve("proc/self/status"))) {
        if (line.startsWith("VmRSS:")) { // "VmRSS:     12345 kB"
          counters.put("resident_bytes", 1024 * Long.parseLong(line.replaceAll("\\D", "")));
        }
      }
    } catch (IOException | NumberFormatException e) {
      // Not Linux.
    }
  }

  /** Adds {@code temperature_millicelsius}: the highest of all thermal zones. */
  public static void addTemperature(Map<String, Long> counters) {
    addTemperature(counters, ROOT);
  }

  static void addTemperature(Map<String, Long> counters, Path root) {
    Path zones = root.resolve("sys/class/thermal");
    try (DirectoryStream<Path> each = Files.newDirectoryStream(zones, "thermal_zone*")) {
      for (Path zone : each) {
        temperature(zone.resolve("temp"))
            .ifPresent(value -> counters.merge("temperature_millicelsius", value, Math::max));
      }
    } catch (IOException e) {
      // Not Linux, or no sensor.
    }
  }

  private static OptionalLong temperature(Path file) {
    try {
      return OptionalLong.of(Long.parseLong(Files.readString(file).strip()));
    } catch (IOException | NumberFormatException e) {
      return OptionalLong.empty(); // a sensor that is switched off
    }
  }
}
