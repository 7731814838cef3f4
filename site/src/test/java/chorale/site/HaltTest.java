package chorale.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HaltTest {
  @TempDir private Path folder;

  /** Waits for the state in /proc: T for a stopped process. A signal takes a moment. */
  private static boolean isHalted(ChildProcess process, boolean expected) throws IOException {
    Path stat = Path.of("/proc", String.valueOf(process.pid()), "stat");
    boolean halted = !expected;
    for (int i = 0; i < 100_000 && halted != expected; i++) {
      String text = Files.readString(stat);
      halted = text.charAt(text.lastIndexOf(')') + 2) == 'T';
    }
    return halted;
  }

  @Test
  void halt_untilClosed_processIsStopped() throws IOException {
    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "no /proc on this system");
    ChildProcess process = ChildProcess.start("cat", new ProcessBuilder("cat"), folder);
    try {
      Halt halt = process.halt();
      assertTrue(isHalted(process, true));
      halt.close();
      assertFalse(isHalted(process, false));
      process.askToEnd();
      process.end(10_000);
      assertTrue(process.hasSucceeded(), process::ending);
    } finally {
      process.kill();
    }
  }

  @Test
  void halt_endedProcess_fails() throws Exception {
    ChildProcess process = ChildProcess.start("true", new ProcessBuilder("true"), folder);
    process.end(10_000);
    assertThrows(IOException.class, process::halt);
  }

  @Test
  void slow_untilClosed_processStopsAndResumesRepeatedly() throws IOException {
    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "no /proc on this system");
    ChildProcess process = ChildProcess.start("cat", new ProcessBuilder("cat"), folder);
    try {
      Halt halt = process.slow();
      for (int i = 0; i < 3; i++) {
        assertTrue(isHalted(process, true));
        assertFalse(isHalted(process, false));
      }
      halt.close();
      assertFalse(isHalted(process, false));
      process.askToEnd();
      process.end(10_000);
      assertTrue(process.hasSucceeded(), process::ending);
    } finally {
      process.kill();
    }
  }

  @Test
  void residentKibibytes_runningProcess_isPresent() throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "no /proc on this system");
    ChildProcess process = ChildProcess.start("cat", new ProcessBuilder("cat"), folder);
    assertTrue(process.residentKibibytes().orElseThrow() > 0);
    process.kill();
    process.end(10_000);
    assertTrue(process.residentKibibytes().isEmpty());
  }

  @Test
  void complaints_warningsAndStackTraces_areFound() throws Exception {
    String log =
        """
        broker is ready
        12:00:01.000 WARN  Group: aggregator a1 is silent
        12:00:01.000 INFO  Group: WARN is a word
        java.lang.IllegalStateException: no
            at a.B.c(B.java:1)
        """;
    ChildProcess process =
        ChildProcess.start("printf", new ProcessBuilder("printf", "%s", log), folder);
    process.end(10_000);
    assertEquals(3, process.complaints().size(), process.complaints()::toString);
  }
}
