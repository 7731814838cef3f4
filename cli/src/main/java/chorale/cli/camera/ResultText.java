package chorale.cli.camera;

import chorale.cli.Terminal;
import chorale.protocol.Failure;
import chorale.protocol.Result;
import chorale.protocol.Result.Answer;
import chorale.protocol.Result.Answered;
import chorale.protocol.Result.Missing;
import chorale.protocol.Result.Status;
import chorale.publisher.Outcome;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Results and outcomes as lines for people, in columns. Immutable. */
final class ResultText {
  private static final int NAME_WIDTH = 28;
  private static final int CLASS_WIDTH = 12;
  private static final int MARK_WIDTH = 5;
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

  private final Terminal terminal;
  private final ZoneId zone;

  ResultText(Terminal terminal, ZoneId zone) {
    this.terminal = terminal;
    this.zone = zone;
  }

  /** The names of the columns of {@link #outcome}. */
  String header(boolean labelled) {
    return terminal.dim(
        "%s  %s conf %s   latency  decided   variants"
            .formatted(
                left("image", NAME_WIDTH),
                left("class", CLASS_WIDTH),
                labelled ? ' ' + left("", MARK_WIDTH) : ""));
  }

  /** One published image: its answer, whether that is right, and who stands behind it. */
  String outcome(Outcome outcome, boolean labelled) {
    String mark = labelled ? ' ' + mark(outcome) : "";
    String name = left(shortened(printable(outcome.imageName())), NAME_WIDTH) + "  ";
    if (outcome.result().isEmpty()) {
      return name
          + terminal.bad(left("no result", CLASS_WIDTH))
          + "      "
          + mark
          + ' '
          + latency(outcome.latencyMillis())
          + "  published "
          + outcome.published()
          + " times";
    }
    Result result = outcome.result().get();
    return name
        + answer(result)
        + mark
        + ' '
        + latency(outcome.latencyMillis())
        + "  "
        + left(result.decidedBy().label(), 8)
        + "  "
        + behind(result)
        + (outcome.published() > 1
            ? terminal.dim("  published " + outcome.published() + " times")
            : "");
  }

  /** One result as it passes by: when, which camera, what, who, how late. */
  String result(Result result) {
    return "%s  %s  %s %s of %s  %s  %s%s"
        .formatted(
            TIME.format(result.ts().atZone(zone)),
            left(result.camera(), 10),
            answer(result),
            latency(result.latencyMillis()),
            result.deadlineMillis(),
            left(result.decidedBy().label(), 8),
            behind(result),
            result.repeated() ? terminal.dim("  repeated") : "");
  }

  /** What others wrote must not steer the reader's terminal. */
  static String printable(String text) {
    return text.codePoints().anyMatch(Character::isISOControl)
        ? text.replaceAll("\\p{Cntrl}", "?")
        : text;
  }

  /** A confidence in percent, rounded down: only what is certain shows as 100. */
  static int percent(double confidence) {
    return (int) Math.floor(100 * confidence + 1e-6); // 0.58 times 100 is a little less than 58
  }

  private String answer(Result result) {
    return result
        .answer()
        .map(
            answer ->
                name(result.status(), answer)
                    + Terminal.format(" %3d %%", percent(answer.confidence())))
        .orElseGet(() -> terminal.bad(left("no answer", CLASS_WIDTH)) + "      ");
  }

  private String name(Status status, Answer answer) {
    return status == Status.UNSURE
        ? terminal.dim(left(status.label(), CLASS_WIDTH))
        : terminal.bold(left(printable(answer.name()), CLASS_WIDTH));
  }

  private String mark(Outcome outcome) {
    return outcome
        .correct()
        .map(
            right ->
                right
                    ? terminal.good(left("right", MARK_WIDTH))
                    : terminal.bad(left("wrong", MARK_WIDTH)))
        .orElseGet(() -> left("", MARK_WIDTH));
  }

  /** Who voted and who did not; or why there is no answer. */
  private String behind(Result result) {
    return result
        .error()
        .map(this::failure)
        .orElseGet(() -> fleet(result) + perhaps(result) + reason(result));
  }

  private String failure(Failure failure) {
    return terminal.bad(printable(failure.toString()));
  }

  /** The class that an unsure answer holds, after the variants. */
  private String perhaps(Result result) {
    return result.status() == Status.UNSURE
        ? terminal.dim("  perhaps " + printable(result.answer().orElseThrow().name()))
        : "";
  }

  /** The first detail of a missing vote, after the variants. */
  private String reason(Result result) {
    return result.missing().stream()
        .flatMap(missing -> missing.error().stream())
        .filter(failure -> !failure.detail().isEmpty())
        .findFirst()
        .map(failure -> terminal.dim("  " + printable(failure.toString())))
        .orElse("");
  }

  /** All variants of the roster in their order; those that did not vote with the reason. */
  private String fleet(Result result) {
    Map<String, String> byVariant = new TreeMap<>();
    for (Missing missing : result.missing()) {
      String why = missing.error().map(Failure::code).orElse(missing.reason().label());
      byVariant.put(missing.variant(), terminal.dim(missing.variant() + ':' + why));
    }
    for (Answered vote : result.answered()) {
      byVariant.put(vote.variant(), vote.variant());
    }
    List<String> all = new ArrayList<>(byVariant.values());
    return all.isEmpty() ? terminal.dim("no worker") : String.join(" ", all);
  }

  private static String latency(double millis) {
    return Terminal.format("%6.1f ms", millis);
  }

  private static String left(String text, int width) {
    return text.length() >= width ? text : text + " ".repeat(width - text.length());
  }

  /** The end of a long name tells more than its beginning. */
  private static String shortened(String name) {
    return name.length() <= NAME_WIDTH
        ? name
        : ".." + name.substring(name.length() - NAME_WIDTH + 2);
  }
}
