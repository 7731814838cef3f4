package chorale.cli.camera;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.cli.Terminal;
import chorale.publisher.Outcome;
import chorale.publisher.PublishReport;
import chorale.publisher.PublishReport.Latency;
import chorale.publisher.PublishReport.Traffic;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RunViewTest {
  private static final Outcome RIGHT =
      Outcomes.of("a.jpg", "cat", Optional.of(Outcomes.partial("cat")));
  private static final Outcome WRONG =
      Outcomes.of("b.jpg", "dog", Optional.of(Outcomes.partial("cat")));

  private final StringWriter written = new StringWriter();
  private final Terminal terminal = new Terminal(new PrintWriter(written), false, false);

  @Test
  void finished_shortRun_showsALineAnImageBelowOneHeader() {
    show(new RunView(terminal, OptionalInt.of(RunView.LONG_RUN), false), 2);

    assertEquals(4, lines().size());
    assertEquals(ResultText.LEGEND, lines().get(0));
    assertTrue(lines().get(1).startsWith("image "));
    assertTrue(lines().get(3).startsWith("a.jpg "));
  }

  @Test
  void finished_longRunWithoutTerminal_showsTenProgressLines() {
    show(new RunView(terminal, OptionalInt.of(70), false), 70);

    assertEquals(
        List.of(
            "7 of 70",
            "14 of 70",
            "21 of 70",
            "28 of 70",
            "35 of 70",
            "42 of 70",
            "49 of 70",
            "56 of 70",
            "63 of 70",
            "70 of 70"),
        lines());
  }

  @Test
  void finished_longRunWithLinesAlways_showsALineAnImage() {
    show(new RunView(terminal, OptionalInt.of(70), true), 70);

    assertEquals(72, lines().size());
  }

  @Test
  void finished_unknownTotal_showsLines() {
    show(new RunView(terminal, OptionalInt.empty(), false), 100);

    assertEquals(102, lines().size());
  }

  @Test
  void summary_labeledRun_countsEachVariant() {
    RunView view = new RunView(terminal, OptionalInt.of(100), false);
    view.finished(RIGHT);
    view.finished(WRONG);
    view.finished(Outcomes.of("c.jpg", "cat", Optional.empty()));
    view.skipped("d.jpg", "empty");
    view.close();

    view.summary(
        new PublishReport(
            3,
            2,
            0,
            0,
            2,
            0,
            0,
            3,
            1,
            new Traffic(30_000, 7_500),
            Optional.of(new Latency(23.45, 12.34, 12.34, 12.34, 12.34))),
        Duration.ofSeconds(4));

    assertEquals(
        List.of(
            "not published: d.jpg: empty",
            "",
            "2 of 3 requests got their result in 4.0 s (0.5 a second)",
            "answered 0, partial 2, unsure 0, no answer 0, without result 1, duplicates 0",
            "not published: 1, listed above",
            "right-sized: 2.5 KB a frame instead of 10.0 KB (75 % less)",
            "accuracy 33.3 % (1 of 3 labeled images)",
            "latency mean 23.5 ms, p50 12.3 ms, p90 12.3 ms, p99 12.3 ms, max 12.3 ms",
            "  variant    votes   agreed    right  inference  missing",
            "  V1             2    0.0 %   50.0 %    1.50 ms",
            "  V2             2  100.0 %   50.0 %    2.50 ms",
            "  V3             0        -        -          -  offline 2",
            "  V4             0        -        -          -  error 2"),
        lines());
  }

  @Test
  void summary_unsureAnswers_areLeftOutOfTheAccuracy() {
    RunView view = new RunView(terminal, OptionalInt.of(100), false);
    view.close();

    view.summary(
        new PublishReport(4, 4, 0, 2, 0, 2, 0, 2, 1, new Traffic(1, 1), Optional.empty()),
        Duration.ofSeconds(4));

    assertEquals(
        List.of(
            "answered 2, partial 0, unsure 2, no answer 0, without result 0, duplicates 0",
            "accuracy 50.0 % (1 of 2 labeled images, without unsure ones)"),
        lines().subList(2, 4));
  }

  @Test
  void leftOut_filesAndFolders_areReported() {
    RunView view = new RunView(terminal, OptionalInt.of(100), false);

    view.leftOut(
        Optional.of("left out: 1 file"), new TreeSet<>(Set.of("a", "b", "c", "d", "e", "f")));
    view.leftOut(Optional.empty(), Set.of());

    assertEquals(
        List.of(
            "left out: 1 file", "folders that are not classes, so not labels: a, b, c, d, e, ..."),
        lines());
  }

  private static void show(RunView view, int images) {
    for (int i = 0; i < images; i++) {
      view.finished(RIGHT);
    }
    view.close();
  }

  private List<String> lines() {
    return written.toString().lines().toList();
  }
}
