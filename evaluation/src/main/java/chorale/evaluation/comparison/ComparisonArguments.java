package chorale.evaluation.comparison;

import static chorale.evaluation.report.TextFormat.format;

import chorale.evaluation.comparison.Comparison.Measured;
import chorale.evaluation.report.TextTable;
import chorale.protocol.Strategy;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * A report table that compares claims with the measured values. The claims are those of Asadi and
 * Goudarzi's poster for variant parallelism, of sensAI for class parallelism, and Chorale's own for
 * tiers. It also names the best strategies by each measure. Used by one thread.
 */
final class ComparisonArguments {
  private final Comparison comparison;
  private final Measured variant;
  private final Measured single;
  private final Measured data;
  private final Measured model;
  private final TextTable table = TextTable.of("argument", "measured").leftColumns(0, 1);

  ComparisonArguments(Comparison comparison) {
    this.comparison = comparison;
    this.variant = of(Strategy.VARIANT.label()).orElseThrow();
    this.single = of(Strategy.SINGLE.label()).orElseThrow();
    this.data = of(Strategy.DATA.label()).orElseThrow();
    this.model = of(Strategy.MODEL.label()).orElseThrow();
    addSpeed();
    of(Strategy.CLASS.label()).ifPresent(this::addClasses);
    of(Contender.TIERS).ifPresent(this::addTiers);
    addResources();
  }

  private Optional<Measured> of(String label) {
    return comparison.measured().stream()
        .filter(each -> each.contender().label().equals(label))
        .findFirst();
  }

  /** Adds the rows for class parallelism, with sensAI's published figures. */
  private void addClasses(Measured classes) {
    add(
        "Class parallelism: 2 times faster, 3.5 times fewer MACs, 5 times fewer parameters (sensAI)",
        "%.2f times as fast as the single board (variants %.2f); largest board %.2f times fewer"
            + " MACs (%.2f), %.2f times fewer parameters (%.2f)",
        classes.times().againstSingle().all(),
        variant.times().againstSingle().all(),
        (double) single.largest().macs() / classes.largest().macs(),
        (double) single.largest().macs() / variant.largest().macs(),
        (double) single.largest().params() / classes.largest().params(),
        (double) single.largest().params() / variant.largest().params());
    add(
        "Class parallelism: a lost board loses its classes",
        "with any one board dead, %.1f %% correct answers (variants %.1f %%), and %.1f %% wrong but"
            + " not unsure (%.1f %%)",
        oneDead(classes),
        oneDead(variant),
        100 * classes.losses().get(1).sureErrors().orElse(0.0),
        100 * variant.losses().get(1).sureErrors().orElse(0.0));
  }

  private void addTiers(Measured tiers) {
    List<Double> reached = tiers.work().reached();
    add(
        "Tiers: the reference network's accuracy for less work",
        "%.1f %% correct answers (reference %.1f %%) for %.2f of its MACs per image, %.2f times as"
            + " fast as the single board (variants %.2f); %.1f %% of the images reach the last"
            + " tier",
        100 * tiers.accuracy(),
        100 * single.accuracy(),
        tiers.work().macs() / single.work().macs(),
        tiers.times().againstSingle().all(),
        variant.times().againstSingle().all(),
        100 * reached.get(reached.size() - 1));
    add(
        "Tiers: lost boards cost little",
        "with any one board dead, %.1f %% correct answers, at worst %.1f %% (variants %.1f %%, at"
            + " worst %.1f %%; single board %.1f %%)",
        oneDead(tiers),
        100 * tiers.losses().get(1).worst(),
        oneDead(variant),
        100 * variant.losses().get(1).worst(),
        oneDead(single));
  }

  private void addSpeed() {
    add(
        "Faster responses by parallelism",
        "variants %.2f times as fast as the single board, model parallelism %.2f times",
        variant.times().againstSingle().all(),
        model.times().againstSingle().all());
    add(
        "Model parallelism: huge communication cost",
        "%,.0f bytes of tensors per image, %,.0f bytes of replies with variants: %,.0f"
            + " times as many",
        model.wire().intermediate(),
        variant.wire().results(),
        model.wire().intermediate() / variant.wire().results());
    add(
        "Model parallelism: inherent sequential blockages",
        "%.1f ms; the single board does the same work in %.1f ms",
        model.times().mean(),
        single.times().mean());
    add(
        "Model parallelism: several single points of failure",
        "with any one board dead, %.1f %% correct answers (variants %.1f %%)",
        oneDead(model),
        oneDead(variant));
    add(
        "Data parallelism: atomic data cannot be split",
        "%.2f times as fast as the single board for one image, %.2f times its throughput",
        data.times().againstSingle().all(),
        data.throughput() / single.throughput());
  }

  private void addResources() {
    add(
        "Boards of limited memory and compute",
        "largest board %.2f million parameters and %.1f million MACs with variants, %.2f and %.1f"
            + " with the reference network",
        variant.largest().params() / 1e6,
        variant.largest().macs() / 1e6,
        single.largest().params() / 1e6,
        single.largest().macs() / 1e6);
    add(
        "Higher fault tolerance",
        "one dead board costs the variants %.1f points on average, %.1f at worst; one board alone"
            + " reaches %.1f %%",
        100 * (variant.accuracy() - variant.losses().get(1).mean()),
        100 * (variant.accuracy() - variant.losses().get(1).worst()),
        100 * variant.losses().get(variant.losses().size() - 1).mean());
    add(
        "Accuracy kept as far as possible",
        "%.1f %% with all variants, %.1f %% with the reference network",
        100 * variant.accuracy(),
        100 * single.accuracy());
  }

  private void add(String argument, String measured, Object... values) {
    table.row(argument, format(measured, values));
  }

  TextTable table() {
    return table;
  }

  /** Returns the best strategies by each measure. */
  List<String> best() {
    return List.of(
        "response time: " + best(each -> -each.times().mean()),
        "throughput: " + best(Measured::throughput),
        "accuracy, all boards alive: " + best(Measured::accuracy),
        "accuracy, one board dead: " + best(ComparisonArguments::oneDead),
        "bytes of input: " + best(each -> -each.wire().input()),
        "total bytes: " + best(each -> -each.wire().total()),
        "work of the busiest board: " + best(each -> -each.largest().macs()),
        "work of all boards: " + best(each -> -each.work().macs()),
        "parameters of the largest board: " + best(each -> -each.largest().params()));
  }

  /** Returns the strategies within 1 % of the best value, the best first. */
  private String best(ToDoubleFunction<Measured> measure) {
    double best = comparison.measured().stream().mapToDouble(measure).max().orElseThrow();
    return comparison.measured().stream()
        .filter(each -> measure.applyAsDouble(each) >= best - .01 * Math.abs(best))
        .sorted(Comparator.comparingDouble(measure).reversed())
        .map(each -> each.contender().label())
        .collect(Collectors.joining(" and "));
  }

  private static double oneDead(Measured measured) {
    return 100 * measured.losses().get(1).mean();
  }
}
