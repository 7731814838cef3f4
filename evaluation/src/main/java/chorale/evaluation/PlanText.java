package chorale.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Tells a {@link Plan} to people. */
public final class PlanText {
  private PlanText() {}

  public static List<String> lines(Plan plan) {
    List<String> lines = new ArrayList<>();
    lines.add(
        format(
            "%s: %s, accuracy %s, %s MACs an image, answer within %.1f ms of %.1f ms",
            plan.set(),
            together(plan.chosen()),
            percent(plan.chosen().accuracy()),
            millions(plan.chosen().macs()),
            plan.responseMillis(),
            plan.bounds().deadlineMillis()));
    lines.add("");
    int width =
        plan.placements().stream().mapToInt(each -> each.board().name().length()).max().orElse(0);
    width = Math.max(width, "board".length());
    String row = "%-" + width + "s  %7s  %-8s  %9s  %9s  %12s  %10s  %s";
    lines.add(
        format(row, "board", "slower", "runs", "time", "memory", "if it is lost", "re-planned", "")
            .stripTrailing());
    for (Plan.Placement each : plan.placements()) {
      lines.add(row(row, each, plan.chosen().accuracy()).stripTrailing());
    }
    lines.add("");
    lines.addAll(why(plan));
    return lines;
  }

  private static String row(String row, Plan.Placement placement, double accuracy) {
    String name = placement.board().name();
    String slower = format("%.2fx", placement.board().factor());
    if (placement.work().isEmpty()) {
      String note =
          placement
              .spare()
              .map(variant -> "not needed; as a second " + variant + " it would cover that loss")
              .orElse("not needed");
      return format(row, name, slower, "-", "-", "-", "-", "-", note);
    }
    Plan.Work work = placement.work().get();
    return format(
        row,
        name,
        slower,
        work.variant(),
        format("%.1f ms", work.millis()),
        format("%.0f MB", work.megabytes()),
        format("%+.2f points", 100 * (work.accuracyWithout() - accuracy)),
        percent(work.accuracyAnew()),
        "");
  }

  private static List<String> why(Plan plan) {
    List<String> why = new ArrayList<>();
    why.add(
        format(
            "Why: of %d combinations the boards can run %d in time; this one is the most accurate"
                + " of them, then the one with the fewest MACs.",
            plan.combinations(), plan.possible()));
    plan.next()
        .ifPresent(
            next ->
                why.add(
                    format(
                        "Next best: %s, %s, %s MACs.",
                        together(next), percent(next.accuracy()), millions(next.macs()))));
    plan.beyond()
        .ifPresent(
            beyond ->
                why.add(
                    format(
                        "More accurate, but not possible: %s, %s: %s.",
                        together(beyond.combination()),
                        percent(beyond.combination().accuracy()),
                        beyond.reason())));
    worst(plan).ifPresent(why::add);
    return why;
  }

  private static Optional<String> worst(Plan plan) {
    return plan.placements().stream()
        .filter(each -> each.work().isPresent())
        .min(Comparator.comparingDouble(each -> each.work().get().accuracyWithout()))
        .map(
            each ->
                each.work().get().accuracyWithout() == 0
                    ? "One lost board: without " + each.board().name() + " nobody answers."
                    : format(
                        "One lost board costs at most %.2f points: %s with %s, and %s is left.",
                        100 * (plan.chosen().accuracy() - each.work().get().accuracyWithout()),
                        each.board().name(),
                        each.work().get().variant(),
                        percent(each.work().get().accuracyWithout())));
  }

  private static String together(Combination combination) {
    return String.join("+", combination.variants());
  }

  private static String percent(double share) {
    return format("%.2f %%", 100 * share);
  }

  private static String millions(long macs) {
    return format("%.1f M", macs / 1e6);
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
