package chorale.evaluation.comparison;

import static chorale.evaluation.report.TextFormat.format;

import chorale.evaluation.comparison.Comparison.Death;
import chorale.evaluation.comparison.Comparison.Loss;
import chorale.evaluation.comparison.Comparison.Measured;
import chorale.evaluation.report.TextFormat;
import chorale.evaluation.report.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A writer of the terminal text of a comparison, and of parts of its report. Stateless. */
public final class ComparisonText {
  /** One row of the main table. */
  private record Row(String what, Function<Measured, String> value) {}

  private static final List<Row> ROWS =
      List.of(
          new Row("mean response time, ms", each -> format("%.1f", each.times().mean())),
          new Row("median response time, ms", each -> format("%.1f", each.times().p50())),
          new Row("p99 response time, ms", each -> format("%.1f", each.times().p99())),
          new Row(
              "speedup over the single board",
              each -> format("%.2f", each.times().againstSingle().all())),
          new Row(
              "speedup, minimum of the rounds",
              each -> format("%.2f", each.times().againstSingle().min())),
          new Row(
              "speedup, maximum of the rounds",
              each -> format("%.2f", each.times().againstSingle().max())),
          new Row("answers/s", each -> format("%.1f", each.throughput())),
          new Row("accuracy, %", each -> format("%.1f", 100 * each.accuracy())),
          new Row(
              "accuracy, any one board dead, %",
              each -> format("%.1f", 100 * each.losses().get(1).mean())),
          new Row(
              "accuracy, worst one board dead, %",
              each -> format("%.1f", 100 * each.losses().get(1).worst())),
          new Row("boards", each -> format("%d", each.boards().size())),
          new Row(
              "MACs, busiest board, millions", each -> format("%.1f", each.largest().macs() / 1e6)),
          new Row(
              "MACs per image, all boards, millions",
              each -> format("%.1f", each.work().macs() / 1e6)),
          new Row(
              "parameters, largest board, millions",
              each -> format("%.2f", each.largest().params() / 1e6)),
          new Row("parameters, all boards, millions", each -> format("%.2f", each.params() / 1e6)),
          new Row("input, bytes per image", each -> bytes(each.wire().input())),
          new Row("input uncompressed, bytes per image", each -> bytes(each.wire().rawInput())),
          new Row("intermediate, bytes per image", each -> bytes(each.wire().intermediate())),
          new Row("results, bytes per image", each -> bytes(each.wire().results())));

  private static String bytes(double count) {
    return format("%,.0f", count);
  }

  static String mean(Loss loss) {
    return format("%.1f (%.1f)", 100 * loss.mean(), 100 * loss.worst());
  }

  private static final String NOT_ASKED =
      "; response time of the images decided by the first tier: %.2f times that of strategy"
          + " variant on the same images";

  static final String SHARED =
      "The boards shared this machine's processors, so these times do not represent separate"
          + " boards. Use --board-factor 20 to emulate those.";

  private ComparisonText() {}

  public static List<String> lines(Comparison comparison) {
    List<String> lines = new ArrayList<>(List.of("", conditions(comparison), ""));
    lines.addAll(table(comparison).lines(""));
    lines.add("");
    lines.addAll(tiers(comparison));
    lines.addAll(deaths(comparison));
    if (comparison.conditions().boardFactor() <= 1) {
      lines.addAll(List.of("", SHARED));
    }
    return lines;
  }

  /** Returns the main table, one column per strategy. */
  static TextTable table(Comparison comparison) {
    TextTable table = TextTable.of(cells("", comparison, each -> each.contender().label()));
    ROWS.forEach(row -> table.row(cells(row.what(), comparison, row.value())));
    return table;
  }

  private static List<String> cells(
      String first, Comparison comparison, Function<Measured, String> value) {
    List<String> cells = new ArrayList<>(List.of(first));
    comparison.measured().forEach(each -> cells.add(value.apply(each)));
    return cells;
  }

  /** Describes the plan of tiers, if there is one. */
  static List<String> tiers(Comparison comparison) {
    return comparison.measured().stream()
        .filter(each -> each.contender().tiers().isPresent())
        .map(
            each ->
                format(
                        "%s: %s; share of the images that reach each tier: %s",
                        each.contender().label(),
                        each.contender().tiers().get().plan().label(),
                        each.work().reached().stream()
                            .map(TextFormat::percent)
                            .collect(Collectors.joining(", ")))
                    + each.times().notAsked().map(ratio -> format(NOT_ASKED, ratio)).orElse(""))
        .toList();
  }

  /** Returns one line per killed board. */
  static List<String> deaths(Comparison comparison) {
    return comparison.measured().stream()
        .flatMap(
            each ->
                each.deaths().stream().map(death -> each.contender().label() + ": " + told(death)))
        .toList();
  }

  private static String told(Death death) {
    return format(
        "%s killed: %d of %d requests lost, %s (expected: %s); the longest took %.0f ms; of the"
            + " last %d, %d were wrong but not unsure",
        death.board(),
        death.lost(),
        death.requests(),
        death.asTheory() ? "all as predicted" : "NOT as predicted",
        death.expected(),
        death.longestMillis(),
        death.afterwards(),
        death.sureErrors());
  }

  static String conditions(Comparison comparison) {
    Comparison.Conditions on = comparison.conditions();
    return format(
        "%s, %s: %d images for accuracy, %d timed per strategy; boards: %s; link: %s; tensors: %s;"
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
}
