package chorale.site.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chorale.site.ChildProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SoakWatchTest {
  private static final String COMPLAINS =
      "echo '12:00:00.000 WARN  before'; echo ready; read end; echo '12:00:01.000 WARN  after'";

  @TempDir private Path folder;

  @Test
  void judge_warningAfterItsStart_isLogged() throws IOException {
    ChildProcess process =
        ChildProcess.start("a1", new ProcessBuilder("sh", "-c", COMPLAINS), folder);
    try {
      while (process.complaints().isEmpty()) {
        Thread.onSpinWait();
      }
      SoakWatch watch = new SoakWatch(Map.of("a1", process));
      watch.step();
      History history = new History();
      watch.judge(history);
      assertEquals(List.of(), history.noted);

      process.askToEnd();
      process.end(10_000);
      watch.judge(history);
      assertEquals(1, history.noted.size());
      assertEquals(Violation.Kind.LOGGED, history.noted.get(0).kind());
      assertEquals("12:00:01.000 WARN  after", history.noted.get(0).history());
    } finally {
      process.kill();
    }
  }
}
