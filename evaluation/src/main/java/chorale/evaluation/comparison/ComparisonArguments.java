package chorale.evaluation.comparison;

import static chorale.evaluation.comparison.ComparisonText.best;
import static chorale.evaluation.comparison.ComparisonText.format;

import chorale.evaluation.comparison.Comparison.Measured;
import chorale.protocol.Strategy;
import java.util.ArrayList;
import java.util.List;

/**
 * The arguments for variant parallelism of Asadi and Goudarzi's poster, one by one beside what was
 * measured, and where a rival does better. Owned by who makes it.
 */
final class ComparisonArguments {
  private final Comparison comparison;

  ComparisonArguments(Comparison comparison) {
    this.comparison = comparison;
  }

  private Measured of(Strategy strategy) {
    return comparison.measured().stream()
        .filter(each -> each.strategy() == strategy)
        .findFirst()
        .orElseThrow();
  }

  List<String> lines() {
    Measured variant = of(Strategy.VARIANT);
    Measured single = of(Strategy.SINGLE);
    Measured data = of(Strategy.DATA);
    Measured model = of(Strategy.MODEL);
    List<String> lines = new ArrayList<>();
    lines.add("| argument | measured |");
    lines.add("|---|---|");
    lines.add(
        row(
            "Faster responses by parallelism",
            "variants %.2f times as fast as the single board, model parallelism %.2f times",
            variant.times().againstSingle().median(),
            model.times().againstSingle().median()));
    lines.add(
        row(
            "Model parallelism: huge communication cost",
            "%,.0f bytes of tensors an image against %,.0f bytes of the variants' replies: %,.0f"
                + " times as many",
            model.wire().intermediate(),
            variant.wire().results(),
            model.wire().intermediate() / variant.wire().results()));
    lines.add(
        row(
            "Model parallelism: inherent sequential blockages",
            "%.1f ms against %.1f ms of the single board, which does the same work alone",
            model.times().p50(),
            single.times().p50()));
    lines.add(
        row(
            "Model parallelism: several single points of failure",
            "with any one board dead %.1f %% right answers, the variants %.1f %%",
            oneDead(model),
            oneDead(variant)));
    lines.add(
        row(
            "Data parallelism: atomic data cannot be split",
            "%.2f times as fast as the single board for one image, %.2f times as many images a"
                + " second",
            data.times().againstSingle().median(),
            data.throughput() / single.throughput()));
    lines.add(
        row(
            "Boards of limited memory and compute",
            "largest board %.2f million parameters and %.1f million MACs with variants, %.2f and"
                + " %.1f with the reference network",
            variant.largest().params() / 1e6,
            variant.largest().macs() / 1e6,
            single.largest().params() / 1e6,
            single.largest().macs() / 1e6));
    lines.add(
        row(
            "Higher fault tolerance",
            "a dead board costs the variants %.1f points on average, %.1f at worst; four dead ones"
                + " leave %.1f %%",
            100 * (variant.accuracy() - variant.losses().get(1).mean()),
            100 * (variant.accuracy() - variant.losses().get(1).worst()),
            100 * variant.losses().get(variant.losses().size() - 1).mean()));
    lines.add(
        row(
            "Accuracy kept as far as possible",
            "%.1f %% with all variants, %.1f %% with the reference network",
            100 * variant.accuracy(),
            100 * single.accuracy()));
    lines.add("");
    lines.add("Where which strategy is best:");
    lines.add("");
    lines.add("- response time: " + best(comparison, each -> -each.times().p50()));
    lines.add("- answers a second: " + best(comparison, Measured::throughput));
    lines.add("- accuracy, all boards alive: " + best(comparison, Measured::accuracy));
    lines.add("- accuracy, one board dead: " + best(comparison, ComparisonArguments::oneDead));
    lines.add("- bytes of input: " + best(comparison, each -> -each.wire().input()));
    lines.add("- bytes in all: " + best(comparison, each -> -each.wire().total()));
    lines.add("- work of the busiest board: " + best(comparison, each -> -each.largest().macs()));
    lines.add(
        "- parameters of the largest board: " + best(comparison, each -> -each.largest().params()));
    return lines;
  }

  private static double oneDead(Measured measured) {
    return 100 * measured.losses().get(1).mean();
  }

  private static String row(String argument, String measured, Object... values) {
    return "| " + argument + " | " + format(measured, values) + " |";
  }
}
