package chorale.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code torture} as a user starts it, for 2 minutes. */
class TortureTest {
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();

  @TempDir Path folder;

  private JsonNode torture(String... options) throws IOException, InterruptedException {
    Path json = folder.resolve("torture.json");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-Djava.io.tmpdir=" + folder, "-Dchorale.home=" + HOME));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Chorale.class.getName()));
    command.addAll(List.of("torture", "--json", json.toString()));
    command.addAll(List.of(options));
    Process torture =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("torture.out").toFile())
            .start();
    try {
      assertTrue(torture.waitFor(8, TimeUnit.MINUTES), this::output);
    } finally {
      torture.descendants().forEach(ProcessHandle::destroyForcibly);
      torture.destroyForcibly();
    }
    assertTrue(Files.exists(json), this::output);
    JsonNode run = new ObjectMapper().readTree(Files.readString(json));
    boolean starved = run.get("rejoined").asInt() > 0 || run.get("longest_pause_ms").asInt() > 400;
    assumeTrue(
        torture.exitValue() == 0 || !starved,
        () -> "this machine let processes wait too long:" + System.lineSeparator() + output());
    assertEquals(0, torture.exitValue(), this::output);
    return run;
  }

  private String output() {
    try {
      return Files.readString(folder.resolve("torture.out"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /**
   * On a busy machine results may be late, but all else must hold. The test is skipped if processes
   * waited for the processor longer than the group's rules allow.
   */
  @Test
  void torture_everyKindOfFault_everyRequestGetsOneResult() throws Exception {
    Path report = folder.resolve("report");
    JsonNode run =
        torture(
            "--seconds=80",
            "--faults=kill=2,leave=1,stop=1,cut=2,worker=2,slow=1,delay=2,drop=2,trickle=2,replay=1,"
                + "reconnect=1,broker_kill=2",
            "--rate=10",
            "--slack=5000",
            "--seed=29",
            "--report=" + report);
    assertTrue(run.get("requests").asInt() > 100, this::output);
    assertTrue(run.get("faults").size() >= 3, this::output);
    assertEquals(0, run.get("lost").asInt());
    assertTrue(Files.readString(report.resolve("report.md")).contains("HOLDS: lost 0"));
    assertTrue(Files.size(report.resolve("timeline.png")) > 0);
  }
}
