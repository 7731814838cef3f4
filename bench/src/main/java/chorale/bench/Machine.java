package chorale.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A description of the machine, for readers of the figures. Stateless. */
final class Machine {
  private Machine() {}

  static Map<String, String> about() {
    Map<String, String> about = new LinkedHashMap<>();
    about.put(
        "processor",
        "%s, %s cores"
            .formatted(
                firstLine("/proc/cpuinfo", "model name").orElse(System.getProperty("os.arch")),
                Runtime.getRuntime().availableProcessors()));
    about.put("system", System.getProperty("os.name") + ' ' + System.getProperty("os.version"));
    about.put(
        "java", System.getProperty("java.vm.name") + ' ' + System.getProperty("java.version"));
    load().ifPresent(load -> about.put("load before the run", load));
    return about;
  }

  /** Returns the load average of the last minute; an idle machine has less than 1. */
  private static Optional<String> load() {
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    return load < 0 ? Optional.empty() : Optional.of(Figure.shown(load));
  }

  private static Optional<String> firstLine(String file, String key) {
    try {
      return Files.readAllLines(Path.of(file)).stream()
          .filter(line -> line.startsWith(key))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
