package chorale.evaluation.attack;

import chorale.evaluation.attack.Attacks.Row;
import chorale.evaluation.report.Plot;
import chorale.evaluation.report.SeriesStyle;
import chorale.evaluation.report.XyPlot;
import chorale.protocol.Fusion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** A builder of the plots of an attack report. Stateless. */
final class AttackCharts {
  private AttackCharts() {}

  /** Plots the accuracy of each rule over the number of liars. */
  static Plot accuracy(Attacks attacks, Attack attack, List<Fusion> rules) {
    XyPlot chart = chart("Accuracy under the attack " + attack.label(), "accuracy, %");
    return overLiars(chart, attacks, attack, rules, 0, row -> row.over().accuracy())
        .plot("accuracy-" + attack.label());
  }

  /** Plots the certified decisions of each rule over the number of liars. */
  static Plot certified(Attacks attacks, Attack attack, List<Fusion> rules) {
    String title = "Certified decisions under the attack " + attack.label();
    return overLiars(
            chart(title, "certified, %"), attacks, attack, rules, 1, row -> row.over().certified())
        .plot("certified-" + attack.label());
  }

  private static XyPlot chart(String title, String shares) {
    return new XyPlot(title, "liars (worst choice)", shares).patterns("0", "0").rangeY(0, 100);
  }

  private static XyPlot overLiars(
      XyPlot chart,
      Attacks attacks,
      Attack attack,
      List<Fusion> rules,
      int from,
      ToDoubleFunction<Row> value) {
    int index = 0;
    for (Fusion rule : rules) {
      List<Double> liars = new ArrayList<>();
      List<Double> values = new ArrayList<>();
      for (int count = from; count <= AttackRun.MOST_LIARS; count++) {
        String label = count == 0 ? Row.NONE : attack.label();
        Optional<Row> row = attacks.row(label, count, rule);
        if (row.isPresent()) {
          liars.add((double) count);
          values.add(100 * value.applyAsDouble(row.get()));
        }
      }
      chart.line(rule.label(), liars, values, SeriesStyle.marked(index++));
    }
    return chart;
  }
}
