package chorale.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The log of a process, with the logging of a host (Logback) and of a board (java.util.logging).
 */
final class LogFormatTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir private Path scratch;

  /**
   * Selects the class path of a distribution; the broker's tests have another log configuration.
   */
  private static boolean isShipped(String jar, boolean board) {
    return !jar.matches(".*broker.*tests?\\b.*") && !(board && jar.matches(".*(logback|slf4j).*"));
  }

  private List<String> logged(boolean board, String format) throws Exception {
    String path =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(each -> isShipped(each, board))
            .collect(Collectors.joining(File.pathSeparator));
    File err = scratch.resolve("err").toFile();
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder builder =
        new ProcessBuilder(java, "-Dfile.encoding=UTF-8", LogProbe.class.getName());
    builder.environment().put("CLASSPATH", path);
    builder.environment().put("CHORALE_LOG_FORMAT", format);
    int code = builder.redirectError(err).redirectOutput(err).start().waitFor();
    List<String> lines = Files.readAllLines(err.toPath(), StandardCharsets.UTF_8);
    assertEquals(0, code, lines::toString);
    return lines;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void json_isAnObjectALine(boolean board) throws Exception {
    List<String> lines = logged(board, "json");

    assertEquals(2, lines.size(), lines::toString);
    JsonNode first = MAPPER.readTree(lines.get(0));
    assertEquals("WARN", first.path("level").asText());
    assertEquals("chorale.cli.LogProbe", first.path("loggerName").asText());
    assertEquals(
        "frame of 'gate\n2' is \"left\" out",
        first.path("formattedMessage").asText(),
        lines::toString);
    assertTrue(first.path("timestamp").asLong() > 1_600_000_000_000L, lines::toString);
    JsonNode second = MAPPER.readTree(lines.get(1));
    assertEquals("ERROR", second.path("level").asText());
    assertTrue(second.path("throwable").toString().contains("why"), lines::toString);
  }

  @Test
  void text_isReadable() throws Exception {
    List<String> lines = logged(false, "text");

    assertTrue(lines.get(0).endsWith("WARN  frame of 'gate"), lines::toString);
    assertFalse(lines.toString().contains("formattedMessage"));
  }
}
