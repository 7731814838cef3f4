package chorale.cli.status;

import chorale.cli.Terminal;
import chorale.dashboard.SiteProblem;
import chorale.dashboard.SiteSnapshot;
import chorale.dashboard.SiteSnapshot.Aggregator;
import chorale.dashboard.SiteSnapshot.Board;
import chorale.dashboard.SiteSnapshot.Camera;
import chorale.dashboard.SiteSnapshot.Service;
import chorale.protocol.Labels;
import chorale.protocol.PrintableText;
import chorale.protocol.Result;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A formatter of a site's state as lines of at most 80 characters. Immutable. */
final class StatusText {
  private static final int NAME = 22;
  private static final int STATE = 10;
  private static final int ANSWER = 20;
  private static final int MAX_TEXT = 78;
  private static final int MAX_LINES = 6;

  private final Terminal terminal;
  private final long nowMillis;

  StatusText(Terminal terminal, long nowMillis) {
    this.terminal = terminal;
    this.nowMillis = nowMillis;
  }

  List<String> lines(SiteSnapshot site, List<SiteProblem> problems) {
    List<String> lines = new ArrayList<>();
    lines.add(text("Site " + site.site() + " at " + site.link().address(), MAX_TEXT));
    aggregators(site, lines);
    boards(site, lines);
    cameras(site, lines);
    lines.add("");
    if (problems.isEmpty()) {
      lines.add(terminal.good("No problems."));
    }
    for (SiteProblem problem : problems) {
      for (String what : wrapped(problem.what())) {
        lines.add(problem.stops() ? terminal.bad(what) : terminal.bold(what));
      }
      lines.add("  " + text(problem.remedy(), MAX_TEXT));
    }
    return lines;
  }

  private void aggregators(SiteSnapshot site, List<String> lines) {
    head(lines, left("AGGREGATOR", NAME) + left("STATE", STATE) + right("LEADS", 12) + heard());
    site.aggregators().stream()
        .sorted(Comparator.comparing(each -> each.service().name()))
        .forEach(each -> lines.add(aggregator(each)));
  }

  private String aggregator(Aggregator each) {
    String state = each.service().isOnline() ? each.part() : Labels.of(each.service().state());
    return left(each.service().name(), NAME)
        + state(state, each.isReady())
        + right(each.leads().size() == 1 ? "1 camera" : each.leads().size() + " cameras", 12)
        + age(each.service().heardMillis());
  }

  private void boards(SiteSnapshot site, List<String> lines) {
    head(
        lines,
        left("BOARD", NAME)
            + left("STATE", STATE)
            + left("VARIANT", 10)
            + right("IMAGE", 9)
            + right("MEMORY", 8)
            + right("TEMP", 6)
            + heard());
    site.boards().stream()
        .sorted(Comparator.comparing(each -> each.service().name()))
        .forEach(each -> lines.add(board(each)));
  }

  private String board(Board board) {
    Service service = board.service();
    return left(service.name(), NAME)
        + state(Labels.of(service.state()), service.isOnline())
        + left(board.variant(), 10)
        + right(inference(board.inferenceMillis()), 9)
        + right(counted(service, "resident_bytes", 1_000_000, " MB"), 8)
        + right(counted(service, "temperature_millicelsius", 1_000, " C"), 6)
        + age(service.heardMillis());
  }

  private static String inference(double millis) {
    return millis == 0 ? "-" : Terminal.format("%.1f ms", millis);
  }

  private static String counted(Service service, String counter, long unit, String suffix) {
    Long value = service.counters().get(counter);
    return value == null ? "-" : value / unit + suffix;
  }

  private void cameras(SiteSnapshot site, List<String> lines) {
    head(
        lines,
        left("CAMERA", NAME)
            + left("STATUS", STATE)
            + left("LAST ANSWER", ANSWER)
            + right("TIME", 13)
            + heard());
    site.cameras().stream()
        .sorted(Comparator.comparing(Camera::name))
        .forEach(each -> lines.add(camera(each)));
  }

  private String camera(Camera camera) {
    if (camera.result().isEmpty()) {
      return left(camera.name(), NAME) + left("-", STATE);
    }
    Result result = camera.result().get();
    String answer =
        result
            .answer()
            .map(
                each ->
                    "%s %d %%"
                        .formatted(
                            PrintableText.line(each.name(), 14),
                            (int) Math.floor(100 * each.confidence() + 1e-6)))
            .orElse("");
    boolean good = result.status() == Result.Status.ANSWERED;
    return left(camera.name(), NAME)
        + state(result.status().label(), good)
        + left(answer, ANSWER)
        + right(Terminal.format("%.1f ms", result.latencyMillis()), 13)
        + age(camera.resultMillis());
  }

  private void head(List<String> lines, String head) {
    lines.add("");
    lines.add(terminal.dim(head));
  }

  private static String heard() {
    return right("HEARD", 11);
  }

  private String state(String state, boolean good) {
    String padded = left(state, STATE);
    return good ? terminal.good(padded) : terminal.bad(padded);
  }

  /** Returns the age, in a unit that suits it. */
  private String age(long millis) {
    if (millis == 0) {
      return right("never", 11);
    }
    long seconds = Math.max(0, nowMillis - millis) / 1_000;
    String span =
        seconds < 120
            ? seconds + " s"
            : seconds < 7_200
                ? seconds / 60 + " min"
                : seconds < 172_800 ? seconds / 3_600 + " h" : seconds / 86_400 + " d";
    return right(span + " ago", 11);
  }

  /** Wraps a sentence; a word that is longer than a line is cut. */
  private static List<String> wrapped(String text) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text(text, MAX_LINES * MAX_TEXT).split(" ", -1)) {
      if (line.length() > 0 && line.length() + 1 + word.length() > MAX_TEXT) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.length() > 0 ? " " : "").append(text(word, MAX_TEXT));
    }
    lines.add(line.toString());
    return lines;
  }

  private static String text(String text, int width) {
    return PrintableText.line(text, width);
  }

  private static String left(String text, int width) {
    String cut = text(text, width - 1);
    return cut + " ".repeat(width - cut.length());
  }

  private static String right(String text, int width) {
    String cut = text(text, width - 1);
    return " ".repeat(width - cut.length()) + cut;
  }
}
