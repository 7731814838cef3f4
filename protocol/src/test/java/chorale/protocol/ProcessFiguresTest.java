package chorale.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProcessFiguresTest {
  @TempDir private Path root;

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  @Test
  void memory_fromStatusFile_isTheResidentSize() throws IOException {
    write("proc/self/status", "Name:\tjava\nVmHWM:\t  200000 kB\nVmRSS:\t  150000 kB\n");
    Map<String, Long> counters = new TreeMap<>();

    ProcessFigures.addMemory(counters, root);

    assertEquals(153_600_000L, counters.get("resident_bytes"));
    assertTrue(counters.get("heap_bytes") > 0);
  }

  @Test
  void temperature_severalZones_isTheHighest() throws IOException {
    write("sys/class/thermal/thermal_zone0/temp", "48312\n");
    write("sys/class/thermal/thermal_zone1/temp", "61500\n");
    write("sys/class/thermal/thermal_zone2/temp", "");
    write("sys/class/thermal/thermal_zone3/type", "off");
    write("sys/class/thermal/cooling_device0/temp", "99000");
    Map<String, Long> counters = new TreeMap<>();

    ProcessFigures.addTemperature(counters, root);

    assertEquals(Map.of("temperature_millicelsius", 61_500L), counters);
  }

  @Test
  void figures_filesMissing_areOmitted() {
    Map<String, Long> counters = new TreeMap<>();

    ProcessFigures.addMemory(counters, root);
    ProcessFigures.addTemperature(counters, root);

    assertEquals(Map.of("heap_bytes", counters.get("heap_bytes")), counters);
  }
}
