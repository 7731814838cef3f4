package chorale.config;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The tables of {@code docs/configuration.md} match {@code reference.conf}. To update them, replace
 * everything from the first table's heading on by the text that this test prints when it fails.
 */
final class ConfigReferenceTest {
  private static final Path REFERENCE = Path.of("src/main/resources/reference.conf");
  private static final Path DOCUMENT = Path.of("../docs/configuration.md");

  @Test
  void documentation_hasTheTablesOfTheReference() throws IOException {
    String expected = tables(Files.readAllLines(REFERENCE));

    String documented = Files.readString(DOCUMENT);

    assertTrue(documented.endsWith("\n\n" + expected), () -> "expected:\n" + expected);
  }

  /** Returns a heading and a table for the top level and for each section directly below it. */
  private static String tables(List<String> lines) {
    StringBuilder text = new StringBuilder();
    Deque<String> sections = new ArrayDeque<>();
    List<String> comment = new ArrayList<>();
    for (String line : lines) {
      String stripped = line.strip();
      if (stripped.startsWith("#")) {
        comment.add(stripped.substring(1));
        continue;
      }
      if (stripped.equals("chorale {")) {
        text.append(heading("The whole site", "Settings that all machines of a site share."));
      } else if (stripped.endsWith("{")) {
        sections.addLast(stripped.substring(0, stripped.length() - 1).strip());
        if (sections.size() == 1) {
          text.append('\n').append(heading('`' + sections.getLast() + '`', meaning(comment)));
        } else {
          text.append(row(String.join(".", sections), "", meaning(comment)));
        }
      } else if (stripped.equals("}")) {
        sections.pollLast();
      } else if (stripped.contains(" = ")) {
        String[] setting = stripped.split(" = ", 2);
        sections.addLast(setting[0]);
        text.append(row(String.join(".", sections), setting[1], meaning(comment)));
        sections.removeLast();
      }
      comment.clear();
    }
    return text.toString();
  }

  private static String heading(String title, String text) {
    return "## " + title + "\n\n" + text + "\n\n| key | default | meaning |\n|---|---|---|\n";
  }

  private static String row(String key, String value, String meaning) {
    String shown = value.isEmpty() ? "" : value.equals("null") ? "not set" : '`' + value + '`';
    return "| `" + key + "` | " + shown + " | " + meaning.replace("|", "\\|") + " |\n";
  }

  /** Joins the lines of a comment. Lines indented by three spaces are allowed values. */
  private static String meaning(List<String> comment) {
    StringBuilder text = new StringBuilder();
    for (String line : comment) {
      if (line.startsWith("   ")) {
        String[] option = line.strip().split(" {2,}", 2);
        text.append("<br>`").append(option[0]).append("`: ").append(option[1]);
      } else {
        text.append(text.isEmpty() ? "" : " ").append(line.strip());
      }
    }
    return text.toString().replaceAll("docs/([a-z-]+)\\.md", "[$1]($1.md)");
  }
}
