package chorale.cli.camera;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.cli.Terminal;
import chorale.protocol.Result;
import chorale.protocol.Result.Status;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResultTextTest {
  private final ResultText text = text(false);

  @Test
  void outcome_partialAnswer_showsTheMissingVariants() {
    assertEquals(
        "cat/0001.jpg         cat         93 % right   12.3 ms deadline V1 V2 !V3 !V4",
        text.outcome(
            Outcomes.of("cat/0001.jpg", "cat", Optional.of(Outcomes.partial("cat"))), true));
  }

  @Test
  void outcome_wrongAnswer_isMarkedWrong() {
    assertTrue(
        text.outcome(Outcomes.of("a.jpg", "ship", Optional.of(Outcomes.partial("cat"))), true)
            .contains("cat         93 % wrong "));
  }

  @Test
  void outcome_unsure_hasAQuestionMark() {
    assertEquals(
        "a.jpg                cat?        93 %         12.3 ms deadline V1 V2 !V3 !V4",
        text.outcome(
            Outcomes.of("a.jpg", "ship", Optional.of(Outcomes.of(Status.UNSURE, "cat"))), true));
  }

  @Test
  void outcome_noAnswer_showsTheError() {
    assertEquals(
        "a.jpg                no answer          12.3 ms all      bad_image: a JPEG without a"
            + " header",
        text.outcome(Outcomes.of("a.jpg", "", Optional.of(Outcomes.noAnswer())), false));
  }

  @Test
  void outcome_noResult_showsHowOftenItWasPublished() {
    assertEquals(
        "a.jpg                no result          12.3 ms published 3 times",
        text.outcome(Outcomes.of("a.jpg", "", Optional.empty()), false));
  }

  @Test
  void outcome_longName_keepsItsEnd() {
    String line =
        text.outcome(
            Outcomes.of("a/very/long/folder/with/cat/0001.jpg", "", Optional.empty()), false);

    assertTrue(line.startsWith("../with/cat/0001.jpg"), line);
  }

  @Test
  void outcome_fiveVariants_fitsATerminalOf80Columns() {
    String line =
        text.outcome(
            Outcomes.of(
                "a/very/long/folder/with/cat/0001.jpg",
                "automobile",
                Optional.of(Outcomes.decidedByTwoOfFive("automobile"))),
            true);

    assertTrue(line.endsWith(" bound    V1 V2 -V3 -V4 -V5"), line);
    assertTrue(line.length() <= 80, line);
    assertTrue(ResultText.LEGEND.length() <= 80);
  }

  @Test
  void outcome_answerThatWithstandsLiars_showsTheirNumber() {
    Result result = Outcomes.decidedByAll("automobile");
    String line = text.outcome(Outcomes.of("0001.jpg", "automobile", Optional.of(result)), true);

    assertTrue(line.endsWith(" all      V1 V2 V3 V4 V5 +2"), line);
    assertTrue(line.length() <= 80, line);
  }

  @Test
  void header_columns_alignWithTheirValues() {
    String header = text.header(true);
    String line = text.outcome(Outcomes.of("x", "cat", Optional.of(Outcomes.partial("cat"))), true);

    assertEquals(line.indexOf("cat"), header.indexOf("class"));
    assertEquals(line.indexOf(" ms ") + 3, header.indexOf("latency") + "latency".length());
    assertEquals(line.indexOf("deadline"), header.indexOf("decided"));
    assertEquals(line.indexOf("V1"), header.indexOf("variants"));
  }

  @Test
  void result_line_showsTimeAndCamera() {
    assertEquals(
        "10:20:30.456 gate       cat         93 % 1000.0 ms deadline V1 V2 !V3 !V4",
        text.result(Outcomes.partial("cat")));
    assertTrue(text.result(Outcomes.partial("cat").asRepeated()).endsWith(" repeated"));
  }

  @Test
  void percent_nearlyCertain_isNotShownAsCertain() {
    assertEquals(99, ResultText.percent(0.9976));
    assertEquals(58, ResultText.percent(0.58));
    assertEquals(100, ResultText.percent(1));
  }

  @Test
  void result_controlCharacters_areReplaced() {
    char escape = 27;
    String line = text.result(Outcomes.partial("cat" + escape + "[2J"));

    assertFalse(line.indexOf(escape) >= 0, line);
    assertTrue(line.contains("cat?[2J"), line);
  }

  @Test
  void outcome_color_marksMissingVariantsAndKeepsTheColumns() {
    char escape = 27;
    var outcome = Outcomes.of("a.jpg", "cat", Optional.of(Outcomes.partial("cat")));
    String colored = text(true).outcome(outcome, true);

    assertTrue(colored.contains(escape + "[31m!V3" + escape + "[0m"), colored);
    assertEquals(text.outcome(outcome, true), colored.replaceAll(escape + "\\[[0-9]+m", ""));
  }

  @Test
  void wantsColor_followsNoColorAndTerm() {
    assertTrue(Terminal.wantsColor(Map.of("TERM", "xterm")));
    assertTrue(Terminal.wantsColor(Map.of("TERM", "xterm", "NO_COLOR", "")));
    assertFalse(Terminal.wantsColor(Map.of("TERM", "xterm", "NO_COLOR", "1")));
    assertFalse(Terminal.wantsColor(Map.of("TERM", "dumb")));
    assertFalse(Terminal.wantsColor(Map.of()));
  }

  private static ResultText text(boolean color) {
    return new ResultText(
        new Terminal(new PrintWriter(new StringWriter()), false, color), ZoneOffset.UTC);
  }
}
