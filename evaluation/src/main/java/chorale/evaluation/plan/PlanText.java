package chorale.evaluation.plan;

import static chorale.evaluation.report.TextFormat.format;
import static chorale.evaluation.report.TextFormat.percent;

import chorale.evaluation.Combination;
import chorale.evaluation.report.TextTable;
import chorale.protocol.Strategy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A writer of a {@link Plan} for a terminal, with its reasons. Stateless. */
public final class PlanText {
  private PlanText() {}

  public static List<String> lines(Plan plan) {
    List<String> lines = new ArrayList<>();
    lines.add(
        format(
            "%s: %s, accuracy %s, %s MACs per image, reply in %.1f ms (deadline %.1f ms)",
            plan.set(),
            together(plan.chosen()),
            percent(plan.chosen().accuracy()),
            millions(plan.chosen().macs()),
            plan.responseMillis(),
            plan.bounds().deadlineMillis()));
    lines.add("");
    lines.addAll(boards(plan).lines(""));
    lines.add("");
    lines.addAll(reasons(plan));
    lines.add("");
    lines.addAll(commands(plan));
    return lines;
  }

  /** Returns the start command for each board. */
  private static List<String> commands(Plan plan) {
    String strategy =
        plan.strategy() == Strategy.VARIANT ? "" : " --strategy " + plan.strategy().label();
    return commands(
        plan.placements(),
        each -> each.board().name(),
        each -> each.work().map(work -> work.variant() + strategy));
  }

  /**
   * @param runs the arguments after {@code --variant}; empty for an idle board
   */
  static <T> List<String> commands(
      List<T> boards, Function<T, String> name, Function<T, Optional<String>> runs) {
    List<String> lines = new ArrayList<>();
    lines.add("On each board, add --config FILE or --broker ADDRESS:");
    for (T each : boards) {
      String own = name.apply(each);
      lines.add(
          runs.apply(each)
              .map(what -> format("  chorale worker --name %s --variant %s", own, what))
              .orElse("  nothing on " + own));
    }
    return lines;
  }

  /** Explains boards that do not run a variant of the chosen combination alone. */
  private static Optional<String> spare(Plan.Placement each) {
    String name = each.board().name();
    if (each.work().isEmpty()) {
      return Optional.of(
          name + " stays idle: no useful variant meets the deadline and fits into its memory.");
    }
    Plan.Work work = each.work().get();
    return switch (work.duty()) {
      case CHOSEN -> Optional.empty();
      case REPLICA -> Optional.of(name + " shares the frames of " + work.variant() + '.');
      case RESERVE ->
          Optional.of(
              name
                  + " is too slow for these variants; it runs "
                  + work.variant()
                  + " in case another board is lost.");
    };
  }

  private static TextTable boards(Plan plan) {
    TextTable table =
        TextTable.of("board", "slower", "runs", "time", "memory", "if it is lost", "re-planned")
            .leftColumns(0, 2)
            .leastWidths(0, 7, 8, 9, 9);
    for (Plan.Placement each : plan.placements()) {
      String name = each.board().name();
      String slower = format("%.2fx", each.board().factor());
      if (each.work().isEmpty()) {
        table.row(name, slower, "-", "-", "-", "-", "-");
      } else {
        Plan.Work work = each.work().get();
        table.row(
            name,
            slower,
            work.variant(),
            format("%.1f ms", work.millis()),
            format("%.0f MB", work.megabytes()),
            format("%+.2f points", 100 * (work.accuracyWithout() - plan.chosen().accuracy())),
            percent(work.accuracyAnew()));
      }
    }
    return table;
  }

  private static List<String> reasons(Plan plan) {
    List<String> reasons = new ArrayList<>();
    reasons.add(
        format(
            "Rate: up to %.1f frames/s, one at a time on each board; limited by %s.",
            plan.rate(), plan.limiting()));
    reasons.add(
        format(
            "Why: of %d combinations, the boards can run %d in time; this one is the most accurate,"
                + " and has the fewest MACs among equals.",
            plan.combinations(), plan.possible()));
    plan.next()
        .map(
            next ->
                format(
                    "Next best: %s, %s, %s MACs.",
                    together(next), percent(next.accuracy()), millions(next.macs())))
        .ifPresent(reasons::add);
    plan.beyond()
        .map(
            beyond ->
                format(
                    "More accurate, but not possible: %s, %s: %s.",
                    together(beyond.combination()),
                    percent(beyond.combination().accuracy()),
                    beyond.reason()))
        .ifPresent(reasons::add);
    worst(plan).ifPresent(reasons::add);
    plan.placements().forEach(each -> spare(each).ifPresent(reasons::add));
    return reasons;
  }

  private static Optional<String> worst(Plan plan) {
    return plan.placements().stream()
        .filter(each -> each.work().isPresent())
        .min(Comparator.comparingDouble(each -> each.work().get().accuracyWithout()))
        .map(
            each ->
                each.work().get().accuracyWithout() == 0
                    ? "One lost board: without " + each.board().name() + " there is no answer."
                    : each.work().get().accuracyWithout() == plan.chosen().accuracy()
                        ? "One lost board costs no accuracy: another runs the same variant."
                        : format(
                            "One lost board costs at most %.2f points: %s with %s, leaving %s.",
                            100 * (plan.chosen().accuracy() - each.work().get().accuracyWithout()),
                            each.board().name(),
                            each.work().get().variant(),
                            percent(each.work().get().accuracyWithout())));
  }

  private static String together(Combination combination) {
    return String.join("+", combination.variants());
  }

  private static String millions(long macs) {
    return format("%.1f M", macs / 1e6);
  }
}
