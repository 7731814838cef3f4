package chorale.cli.camera;

import chorale.cli.Terminal;
import chorale.protocol.Failure;
import chorale.protocol.Result;
import chorale.protocol.Result.Answer;
import chorale.protocol.Result.Answered;
import chorale.protocol.Result.Missing;
import chorale.protocol.Result.MissingReason;
import chorale.protocol.Result.Status;
import chorale.publisher.Outcome;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A formatter of results and outcomes as terminal lines in columns. Immutable. */
final class ResultText {
  /**
   * Explains the lines of {@link #outcome} and {@link #result}. {@code -V1} also stands for a
   * variant that was not asked.
   */
  static final String LEGEND =
      "V1 voted, -V1 not needed, !V1 missing; cat? is unsure; +1 withstands one liar";

  private static final int NAME_WIDTH = 20;
  private static final int CAMERA_WIDTH = 10;
  private static final int CLASS_WIDTH = 10;
  private static final int DECIDED_WIDTH = 8;
  private static final int CONFIDENCE_WIDTH = 6;
  private static final int MARK_WIDTH = 5;
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

  private final Terminal terminal;
  private final ZoneId zone;

  ResultText(Terminal terminal, ZoneId zone) {
    this.terminal = terminal;
    this.zone = zone;
  }

  /** Returns the column names of {@link #outcome}. */
  String header(boolean labeled) {
    return terminal.dim(
        "%s %s  conf %s  latency decided  variants"
            .formatted(
                left("image", NAME_WIDTH),
                left("class", CLASS_WIDTH),
                labeled ? left("", MARK_WIDTH + 1) : ""));
  }

  /** Returns a line for a published image: its answer, whether that is right, and the votes. */
  String outcome(Outcome outcome, boolean labeled) {
    String mark = labeled ? mark(outcome) + ' ' : "";
    String name = left(shortened(printable(outcome.imageName())), NAME_WIDTH) + ' ';
    String latency = latency(outcome.latencyMillis()) + ' ';
    String again = outcome.published() > 1 ? " published " + outcome.published() + " times" : "";
    return outcome
        .result()
        .map(
            result ->
                name
                    + answer(result)
                    + ' '
                    + mark
                    + latency
                    + left(result.decidedBy().label(), DECIDED_WIDTH)
                    + ' '
                    + behind(result)
                    + terminal.dim(again))
        .orElseGet(
            () ->
                name
                    + terminal.bad(left("no result", CLASS_WIDTH))
                    + left("", CONFIDENCE_WIDTH + 1)
                    + mark
                    + latency
                    + again.strip());
  }

  /** Returns a line for a result: time, camera, answer, response time and votes. */
  String result(Result result) {
    return "%s %s %s %s %s %s%s"
        .formatted(
            TIME.format(result.ts().atZone(zone)),
            left(result.camera(), CAMERA_WIDTH),
            answer(result),
            latency(result.latencyMillis()),
            left(result.decidedBy().label(), DECIDED_WIDTH),
            behind(result),
            result.repeated() ? terminal.dim(" repeated") : "");
  }

  /** Replaces control characters, so that names from messages cannot control the terminal. */
  static String printable(String text) {
    return text.codePoints().anyMatch(Character::isISOControl)
        ? text.replaceAll("\\p{Cntrl}", "?")
        : text;
  }

  /** Returns a confidence in percent, rounded down: only 1 is shown as 100. */
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
        .orElseGet(() -> terminal.bad(left("no answer", CLASS_WIDTH)) + left("", CONFIDENCE_WIDTH));
  }

  private String name(Status status, Answer answer) {
    String name = printable(answer.name());
    return status == Status.UNSURE
        ? terminal.dim(left(name + '?', CLASS_WIDTH))
        : terminal.bold(left(name, CLASS_WIDTH));
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

  /** Returns the variants with and without a vote, or the reason why there is no answer. */
  private String behind(Result result) {
    return result
        .error()
        .map(this::failure)
        .orElseGet(() -> fleet(result) + withstands(result) + reason(result));
  }

  private String withstands(Result result) {
    return result
        .answer()
        .filter(answer -> answer.withstands() > 0)
        .map(answer -> terminal.dim(" +" + answer.withstands()))
        .orElse("");
  }

  private String failure(Failure failure) {
    return terminal.bad(printable(failure.toString()));
  }

  /** Returns the first error detail of the missing votes. */
  private String reason(Result result) {
    return result.missing().stream()
        .flatMap(missing -> missing.error().stream())
        .filter(failure -> !failure.detail().isEmpty())
        .findFirst()
        .map(failure -> terminal.dim(" " + printable(failure.toString())))
        .orElse("");
  }

  /** Returns all variants of the roster in order, marked as {@link #LEGEND} explains. */
  private String fleet(Result result) {
    Map<String, String> byVariant = new TreeMap<>();
    for (Missing missing : result.missing()) {
      boolean unused =
          missing.reason() == MissingReason.NOT_NEEDED
              || missing.reason() == MissingReason.NOT_ASKED;
      byVariant.put(
          missing.variant(),
          unused ? terminal.dim('-' + missing.variant()) : terminal.bad('!' + missing.variant()));
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

  /** Shortens a long name from the left, because its end is more specific. */
  private static String shortened(String name) {
    return name.length() <= NAME_WIDTH
        ? name
        : ".." + name.substring(name.length() - NAME_WIDTH + 2);
  }
}
