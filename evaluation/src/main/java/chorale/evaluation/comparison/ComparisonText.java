package chorale.evaluation.comparison;

import chorale.evaluation.comparison.Comparison.Death;
import chorale.evaluation.comparison.Comparison.Loss;
import chorale.evaluation.comparison.Comparison.Measured;
import chorale.protocol.Strategy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** A comparison for people: as lines of a terminal, and as a report. Owned by who makes it. */
public final class ComparisonText {
  private final Comparison comparison;

  public ComparisonText(Comparison comparison) {
    this.comparison = comparison;
  }

  /** One row of the main table. */
  private record Row(String what, Function<Measured, String> value) {}

  private static final List<Row> ROWS =
      List.of(
          new Row("response time, median, ms", each -> format("%.1f", each.times().p50())),
          new Row("response time, 99 %, ms", each -> format("%.1f", each.times().p99())),
          new Row(
              "times faster than the single board (range of rounds)",
              each ->
                  format(
                      "%.2f (%.2f..%.2f)",
                      each.times().againstSingle().median(),
                      each.times().againstSingle().min(),
                      each.times().againstSingle().max())),
          new Row("answers a second", each -> format("%.1f", each.throughput())),
          new Row("accuracy, %", each -> format("%.1f", 100 * each.accuracy())),
          new Row(
              "accuracy with any one board dead, %, mean (worst)",
              each -> mean(each.losses().get(1))),
          new Row("boards", each -> format("%d", each.boards().size())),
          new Row("MACs, busiest board, millions", each -> millions(each.largest().macs())),
          new Row("MACs an image, all boards, millions", ComparisonText::macsAnImage),
          new Row(
              "parameters, largest board, millions",
              each -> format("%.2f", each.largest().params() / 1e6)),
          new Row(
              "parameters, all boards, millions",
              each -> format("%.2f", each.total().params() / 1e6)),
          new Row("input, bytes an image", each -> bytes(each.wire().input())),
          new Row("the same uncompressed", each -> bytes(each.wire().rawInput())),
          new Row("intermediate, bytes an image", each -> bytes(each.wire().intermediate())),
          new Row("results, bytes an image", each -> bytes(each.wire().results())));

  /** Data parallelism has every board able, and one of them work. */
  private static String macsAnImage(Measured each) {
    return millions(each.strategy() == Strategy.DATA ? each.largest().macs() : each.total().macs());
  }

  private static String millions(long count) {
    return format("%.1f", count / 1e6);
  }

  private static String bytes(double count) {
    return format("%,.0f", count);
  }

  private static String mean(Loss loss) {
    return format("%.1f (%.1f)", 100 * loss.mean(), 100 * loss.worst());
  }

  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(conditions());
    lines.add("");
    String names = "";
    for (Measured each : comparison.measured()) {
      names += format("  %18s", each.strategy().label());
    }
    lines.add(format("%-52s", "") + names);
    for (Row row : ROWS) {
      StringBuilder line = new StringBuilder(format("%-52s", row.what()));
      comparison.measured().forEach(each -> line.append(format("  %18s", row.value().apply(each))));
      lines.add(line.toString());
    }
    lines.add("");
    for (Measured each : comparison.measured()) {
      each.deaths().forEach(death -> lines.add(each.strategy().label() + ": " + told(death)));
    }
    return lines;
  }

  private static String told(Death death) {
    return format(
        "%s killed: %d of %d requests lost, %s (expected: %s); the longest took %.0f ms",
        death.board(),
        death.lost(),
        death.requests(),
        death.asTheory() ? "every one as the theory says" : "NOT as the theory says",
        death.expected(),
        death.longestMillis());
  }

  private String conditions() {
    Comparison.Conditions on = comparison.conditions();
    return format(
        "%s, %s: %d images judged, %d timed of each strategy; boards: %s; link: %s; tensors: %s;"
            + " the reference network reached %.1f %% on its validation images",
        on.modelSet(),
        on.images(),
        on.judged(),
        on.timed(),
        on.boardFactor() > 1
            ? format("emulated, %s times slower than this machine", plain(on.boardFactor()))
            : "processes that share this machine",
        on.link().equals("none") ? "none, loopback" : "emulated, " + on.link(),
        on.tensorType(),
        100 * on.reference());
  }

  private static String plain(double factor) {
    return factor == Math.rint(factor) ? String.valueOf((long) factor) : String.valueOf(factor);
  }

  String report() {
    StringBuilder text = new StringBuilder("# Variant parallelism and its rivals, measured\n\n");
    text.append(conditions()).append(".\n\n");
    text.append("Made by `./chorale compare`, whose guide says how each figure is measured.\n\n");
    table(text);
    text.append("\n![Response time against accuracy](strategies-time-accuracy.png)\n");
    text.append("\n![Bytes against response time](strategies-bytes-time.png)\n");
    text.append("\n## The arguments, and what was measured\n\n");
    new ComparisonArguments(comparison).lines().forEach(line -> text.append(line).append('\n'));
    text.append("\n## Dead boards\n\n");
    losses(text);
    text.append("\n![Accuracy with boards dead](strategies-dead-boards.png)\n");
    text.append("\n## Boards killed in the middle of a run\n\n");
    for (Measured each : comparison.measured()) {
      each.deaths()
          .forEach(
              death ->
                  text.append("- ").append(each.strategy().label() + ": " + told(death) + '\n'));
    }
    return text.toString();
  }

  private void table(StringBuilder text) {
    text.append("| |");
    comparison
        .measured()
        .forEach(each -> text.append(' ').append(each.strategy().label()).append(" |"));
    text.append("\n|---|").append("---:|".repeat(comparison.measured().size())).append('\n');
    for (Row row : ROWS) {
      text.append("| ").append(row.what()).append(" |");
      comparison
          .measured()
          .forEach(each -> text.append(' ').append(row.value().apply(each)).append(" |"));
      text.append('\n');
    }
  }

  private void losses(StringBuilder text) {
    text.append(
        "Right answers in % of all requests, mean (worst) over every choice of the dead boards;"
            + " and the share of requests that get an answer.\n\n");
    int most =
        comparison.measured().stream().mapToInt(each -> each.losses().size()).max().orElse(0);
    text.append("| dead |");
    comparison
        .measured()
        .forEach(each -> text.append(' ').append(each.strategy().label()).append(" | answered |"));
    text.append("\n|---:|").append("---:|".repeat(2 * comparison.measured().size())).append('\n');
    for (int dead = 0; dead < most; dead++) {
      text.append("| ").append(dead).append(" |");
      for (Measured each : comparison.measured()) {
        Loss loss = each.losses().get(dead);
        text.append(format(" %s | %.0f %% |", mean(loss), 100 * loss.answered()));
      }
      text.append('\n');
    }
  }

  /** The strategies that do best by a measure, the best first, within a hundredth of it. */
  static String best(Comparison comparison, ToDoubleFunction<Measured> measure) {
    double best = comparison.measured().stream().mapToDouble(measure).max().orElseThrow();
    return comparison.measured().stream()
        .filter(each -> measure.applyAsDouble(each) >= best - .01 * Math.abs(best))
        .sorted(Comparator.comparingDouble(measure).reversed())
        .map(each -> each.strategy().label())
        .collect(Collectors.joining(" and "));
  }

  static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
