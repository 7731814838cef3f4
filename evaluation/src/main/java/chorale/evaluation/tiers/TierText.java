package chorale.evaluation.tiers;

import static chorale.evaluation.report.TextFormat.format;
import static chorale.evaluation.report.TextFormat.percent;

import chorale.evaluation.report.JsonObject;
import chorale.evaluation.report.MarkdownReport;
import chorale.evaluation.report.Plot;
import chorale.evaluation.report.SeriesStyle;
import chorale.evaluation.report.TextTable;
import chorale.evaluation.report.XyPlot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** A writer of plans of tiers as terminal lines, JSON and report sections. Stateless. */
public final class TierText {
  private static final String EXPLANATION =
      "An image reaches the next tier if the margin of the fused answer so far is below the"
          + " threshold. Asked: share of the images that reach the last tier. MACs: mean per"
          + " image, relative to the reference network.";

  private TierText() {}

  public static List<String> lines(List<TierEvaluation> tiers) {
    List<String> lines = new ArrayList<>();
    for (TierEvaluation each : tiers) {
      lines.add("");
      lines.add(
          format(
              "tiers %s: %s, %s asked%s",
              each.escalation().plan().label(),
              percent(each.all().accuracy()),
              percent(each.all().asked()),
              each.all().macsShare().map(share -> format(", MACs x%.2f", share)).orElse("")));
      lines.add("  thresholds: " + thresholds(each) + gap(each.reference()));
      if (!each.withoutOne().isEmpty()) {
        lines.add(
            "  without "
                + each.withoutOne().stream()
                    .map(one -> one.without() + " " + percent(one.accuracy()))
                    .collect(Collectors.joining(", ")));
      }
    }
    return lines;
  }

  private static String gap(Optional<Double> reference) {
    return reference.map(share -> "; the reference alone: " + percent(share)).orElse("");
  }

  private static String thresholds(TierEvaluation tiers) {
    return tiers.escalation().thresholds().stream()
        .map(each -> format("%.4f", each))
        .collect(Collectors.joining(", "));
  }

  public static JsonObject add(JsonObject json, List<TierEvaluation> tiers) {
    return json.objects(
        "tiers",
        tiers,
        (node, each) ->
            node.put("plan", each.escalation().plan().label())
                .put("thresholds", each.escalation().thresholds())
                .put("asked", each.all().asked())
                .put("accuracy", each.all().accuracy())
                .put("mean_macs_share", each.all().macsShare())
                .put("reached", each.reached())
                .objects(
                    "without",
                    each.withoutOne(),
                    (one, lost) ->
                        one.put("without", lost.without()).put("accuracy", lost.accuracy())));
  }

  public static void add(MarkdownReport report, List<TierEvaluation> tiers) {
    if (tiers.isEmpty()) {
      return;
    }
    TextTable table =
        TextTable.of("tiers", "thresholds", "asked", "accuracy", "MACs", "worst without one");
    tiers.forEach(
        each ->
            table.row(
                "`" + each.escalation().plan().label() + "`",
                thresholds(each),
                percent(each.all().asked()),
                percent(each.all().accuracy()),
                each.all().macsShare().map(share -> format("%.2f", share)).orElse("–"),
                each.withoutOne().stream()
                    .mapToDouble(TierEvaluation.WithoutOne::accuracy)
                    .min()
                    .stream()
                    .mapToObj(least -> percent(least))
                    .findFirst()
                    .orElse("–")));
    tiers
        .get(0)
        .reference()
        .ifPresent(share -> table.row("the reference alone", "", "", percent(share), "1.00", ""));
    report.heading(2, "Tiers").paragraph(EXPLANATION).table(table);
    image(report, "tiers-asked", "images that reach the last tier, %", tiers, each -> each.asked());
    if (tiers.stream().allMatch(each -> each.all().macsShare().isPresent())) {
      image(
          report,
          "tiers-macs",
          "mean MACs per image, % of the reference",
          tiers,
          each -> each.macsShare().orElseThrow());
    }
  }

  private static void image(
      MarkdownReport report,
      String file,
      String x,
      List<TierEvaluation> tiers,
      ToDoubleFunction<TierEvaluation.Point> share) {
    XyPlot chart = new XyPlot("Accuracy of tiers", x, "accuracy, %").patterns("0.#", "0.#");
    int index = 0;
    for (TierEvaluation each : tiers) {
      chart.line(
          each.escalation().plan().label(),
          each.curve().stream().map(point -> 100 * share.applyAsDouble(point)).toList(),
          each.curve().stream().map(point -> 100 * point.accuracy()).toList(),
          SeriesStyle.dashed(index++));
    }
    chart.points(
        "chosen",
        tiers.stream().map(each -> 100 * share.applyAsDouble(each.all())).toList(),
        tiers.stream().map(each -> 100 * each.all().accuracy()).toList(),
        SeriesStyle.marked(0));
    tiers.get(0).reference().ifPresent(level -> level(chart, level, tiers, share));
    Plot plot = chart.plot(file);
    report.image("Accuracy of tiers", plot).paragraph("[As SVG](" + plot.svg() + ")");
  }

  private static void level(
      XyPlot chart,
      double reference,
      List<TierEvaluation> tiers,
      ToDoubleFunction<TierEvaluation.Point> share) {
    double most =
        tiers.stream().flatMap(each -> each.curve().stream()).mapToDouble(share).max().orElse(1);
    chart.line(
        "reference",
        List.of(0.0, 100 * most),
        List.of(100 * reference, 100 * reference),
        SeriesStyle.dashed(3));
  }
}
