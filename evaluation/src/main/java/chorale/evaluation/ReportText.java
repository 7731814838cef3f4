package chorale.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The Markdown of a report. One owner, for one report. */
final class ReportText {
  /** More combinations than that are left to the JSON; the front is shown whole. */
  private static final int SHOWN_COMBINATIONS = 63;

  /** More classes than that are left to the JSON. */
  private static final int SHOWN_CLASSES = 100;

  private final Evaluation evaluation;
  private final StringBuilder text = new StringBuilder();

  private ReportText(Evaluation evaluation) {
    this.evaluation = evaluation;
  }

  static String of(Evaluation evaluation, String source) {
    ReportText report = new ReportText(evaluation);
    report.head(source);
    report.variants();
    report.combinations();
    report.leaveOneOut();
    report.kSweep();
    report.rules();
    report.calibration();
    report.agreement();
    report.byRight();
    report.perClass();
    return report.text.toString();
  }

  private void head(String source) {
    line("# Evaluation of the model set %s", evaluation.subject().set());
    line("");
    line(
        "%d images of %d classes from `%s`%s. Every image went once through every network, with the"
            + " workers' own preprocessing and runtime; every joint answer is the aggregator's own"
            + " fusion of those outputs (top %d of each variant, rule `%s`, unless something else is"
            + " said). What the measures mean: docs/evaluation.md.",
        evaluation.images(),
        evaluation.subject().classes().size(),
        source,
        evaluation.skipped() == 0
            ? ""
            : " (" + evaluation.skipped() + " more could not be read, and count nowhere)",
        k(),
        evaluation.rules().get(0).rule());
    line("");
    line(
        "**All %d variants together: %s.**%s",
        evaluation.variants().size(),
        percent(evaluation.all().accuracy()),
        evaluation
            .reference()
            .map(each -> " The reference network alone: " + percent(each.accuracy()) + ".")
            .orElse(
                " The set has no reference network, so there is no accuracy, no time and no speedup"
                    + " to compare with."));
    line("");
  }

  private int k() {
    return Math.min(Evaluator.K, evaluation.subject().classes().size());
  }

  private void variants() {
    line("## Each network alone");
    line("");
    row(
        "network",
        "accuracy",
        "MACs",
        "gain",
        "gain at 100 classes",
        "params",
        "gain",
        "gain at 100 classes",
        "inference",
        "speedup",
        "calibration error");
    rule(11);
    Optional<ReferenceCost> cost = evaluation.referenceCost();
    for (Metrics each : evaluation.variants()) {
      Gains gains = Gains.of(each.network(), cost);
      network(each, gains, Gains.speedup(each, evaluation.reference()));
    }
    evaluation
        .reference()
        .ifPresent(each -> network(each, Gains.of(each.network(), cost), Optional.of(1.0)));
    line("");
    line(
        "Inference: median on one thread of the machine that evaluated, without decode and resize."
            + " Gains: %s.",
        cost.map(
                each ->
                    "against "
                        + each.source()
                        + format(
                            " (%,d MACs and %,d params here, %,d and %,d at 100 classes)",
                            each.own().macs(),
                            each.own().params(),
                            each.at100().macs(),
                            each.at100().params()))
            .orElse("unknown, as the set has no reference network"));
    line("");
  }

  private void network(Metrics figures, Gains gains, Optional<Double> speedup) {
    Network network = figures.network();
    row(
        network.id(),
        percent(figures.accuracy()),
        millions(network.cost().macs()),
        times(gains.macs()),
        times(gains.macs100()),
        format("%,d", network.cost().params()),
        times(gains.params()),
        times(gains.params100()),
        format("%.2f ms", figures.timing().inferenceMillis()),
        times(speedup),
        percent(figures.ece()));
  }

  private void combinations() {
    List<Combination> front = ParetoFront.of(evaluation.combinations());
    line("## Every combination");
    line("");
    line("![Accuracy of every combination against its MACs](accuracy-macs.png)");
    line("");
    line(
        "All %d subsets of the variants ([as SVG](accuracy-macs.svg)). In bold those that no"
            + " combination with as few MACs beats%s.",
        evaluation.combinations().size(),
        evaluation.combinations().size() > SHOWN_COMBINATIONS ? "; the JSON has the others" : "");
    line("");
    row("variants", "accuracy", "MACs");
    rule(3);
    Set<Combination> best = new HashSet<>(front);
    List<Combination> shown =
        evaluation.combinations().size() > SHOWN_COMBINATIONS ? front : evaluation.combinations();
    shown.stream()
        .sorted(Comparator.comparingLong(Combination::macs))
        .forEach(
            each -> {
              String mark = best.contains(each) ? "**" : "";
              row(
                  mark + String.join("+", each.variants()) + mark,
                  percent(each.accuracy()),
                  millions(each.macs()));
            });
    line("");
  }

  private void leaveOneOut() {
    if (evaluation.withoutOne().isEmpty()) {
      return;
    }
    line("## When one variant is lost");
    line("");
    line("![What the loss of each variant costs](leave-one-out.png)");
    line("");
    row("without", "accuracy", "points lost");
    rule(3);
    for (Evaluation.WithoutOne each : evaluation.withoutOne()) {
      row(
          each.without(),
          percent(each.accuracy()),
          format("%+.2f", 100 * (evaluation.all().accuracy() - each.accuracy())));
    }
    line("");
    line("[As SVG](leave-one-out.svg)");
    line("");
  }

  private void kSweep() {
    line("## How many classes each variant answers with");
    line("");
    line("![Accuracy over k](k-sweep.png)");
    line("");
    row("k", "accuracy");
    rule(2);
    for (Evaluation.KAccuracy each : evaluation.kSweep()) {
      row(each.full() ? each.k() + " (all classes)" : "" + each.k(), percent(each.accuracy()));
    }
    line("");
    line("[As SVG](k-sweep.svg)");
    line("");
  }

  private void rules() {
    line("## Fusion rules");
    line("");
    row("rule", "accuracy");
    rule(2);
    for (Evaluation.RuleAccuracy each : evaluation.rules()) {
      row("`" + each.rule() + "`", percent(each.accuracy()));
    }
    line("");
  }

  private void calibration() {
    line("## Does it know how sure it is?");
    line("");
    line(
        "Expected calibration error of the joint answer: **%s** for `score`, the raw mean"
            + " probability; **%s** for `confidence`, after the set's calibration. (%d bins of equal"
            + " width; the mean distance between the share that is right and the mean confidence,"
            + " weighted by the images in each bin.)",
        percent(evaluation.fused().score()),
        percent(evaluation.fused().confidence()),
        CalibrationError.BINS);
    line("");
  }

  private void agreement() {
    List<String> ids = evaluation.subject().networks().stream().map(Network::id).toList();
    line("## Agreement");
    line("");
    line("The share of the images on which two networks name the same class.");
    line("");
    List<String> head = new ArrayList<>(List.of(""));
    head.addAll(ids);
    row(head);
    rule(head.size());
    for (int i = 0; i < ids.size(); i++) {
      List<String> cells = new ArrayList<>(List.of("**" + ids.get(i) + "**"));
      evaluation.agreement().get(i).forEach(share -> cells.add(percent(share)));
      row(cells);
    }
    line("");
  }

  private void byRight() {
    boolean compared = evaluation.reference().isPresent();
    line("## When variants err together");
    line("");
    line(
        "Images by how many of the variants are right about them, and how many of those images are"
            + " answered right. Votes mend what a few get wrong, seldom what most do.");
    line("");
    List<String> head = new ArrayList<>(List.of("variants that are right", "images", "together"));
    if (compared) {
      head.add("reference");
    }
    row(head);
    rule(head.size());
    for (Evaluation.ByRight each : evaluation.byRight()) {
      List<String> cells =
          new ArrayList<>(List.of("" + each.variants(), "" + each.images(), "" + each.fused()));
      each.reference().ifPresent(right -> cells.add("" + right));
      row(cells);
    }
    line("");
  }

  private void perClass() {
    line("## Each class");
    line("");
    if (evaluation.perClass().size() > SHOWN_CLASSES) {
      line("%d classes: see the JSON.", evaluation.perClass().size());
      return;
    }
    List<String> head = new ArrayList<>(List.of("class", "images", "together"));
    evaluation.subject().networks().forEach(each -> head.add(each.id()));
    row(head);
    rule(head.size());
    for (Evaluation.ClassFigures each : evaluation.perClass()) {
      List<String> cells = new ArrayList<>();
      cells.add(each.name().replace("|", "\\|"));
      cells.add("" + each.images());
      cells.add(each.fused().map(ReportText::percent).orElse("–"));
      for (int i = 0; i < evaluation.subject().networks().size(); i++) {
        cells.add(each.networks().isEmpty() ? "–" : percent(each.networks().get(i)));
      }
      row(cells);
    }
  }

  private void line(String format, Object... values) {
    text.append(values.length == 0 ? format : format(format, values)).append('\n');
  }

  private void row(String... cells) {
    row(List.of(cells));
  }

  private void row(List<String> cells) {
    text.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  /** Names to the left, figures to the right. */
  private void rule(int columns) {
    text.append("|---|").append("--:|".repeat(columns - 1)).append('\n');
  }

  private static String percent(double share) {
    return format("%.2f %%", 100 * share);
  }

  private static String millions(long macs) {
    return format("%.2f M", macs / 1e6);
  }

  private static String times(Optional<Double> gain) {
    Function<Double, String> shown = each -> format("%.1fx", each);
    return gain.map(shown).orElse("–");
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
