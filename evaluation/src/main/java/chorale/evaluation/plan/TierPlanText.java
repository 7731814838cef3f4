package chorale.evaluation.plan;

import static chorale.evaluation.report.TextFormat.format;
import static chorale.evaluation.report.TextFormat.percent;

import chorale.evaluation.report.JsonObject;
import chorale.evaluation.report.TextTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A writer of a {@link TieredFleet} for a terminal and as JSON. Stateless. */
public final class TierPlanText {
  private static final int SCHEMA = 1;

  private TierPlanText() {}

  /** Returns the summary of one plan among others. */
  public static String line(TieredFleet fleet) {
    return format(
        "tiers %s: accuracy %s, response in %.1f ms on average, %.1f ms at worst",
        fleet.tiers().plan().label(),
        percent(fleet.tiers().accuracy()),
        fleet.meanMillis(),
        fleet.worstMillis());
  }

  public static List<String> lines(TieredFleet fleet) {
    List<String> lines = new ArrayList<>(List.of(line(fleet), ""));
    lines.addAll(boards(fleet).lines(""));
    lines.add("");
    for (int tier = 0; tier < fleet.tierMillis().size(); tier++) {
      lines.add(
          format(
              "Tier %d: %s; %s of the frames, %.1f ms%s.",
              tier + 1,
              String.join(", ", fleet.tiers().plan().tiers().get(tier)),
              percent(fleet.tiers().reached().get(tier)),
              fleet.tierMillis().get(tier),
              tier == 0 ? "" : " more for a frame that reaches it"));
    }
    if (fleet.worstMillis() > fleet.bounds().deadlineMillis()) {
      lines.add(
          format(
              "All tiers together exceed the deadline of %.1f ms: some frames get the answer of"
                  + " the earlier tiers.",
              fleet.bounds().deadlineMillis()));
    }
    lines.add(format("Rate: up to %.1f frames/s on average.", fleet.rate()));
    lines.add(worst(fleet));
    lines.add("");
    lines.addAll(
        PlanText.commands(
            fleet.boards(),
            each -> each.board().name(),
            each -> each.work().map(work -> work.variant() + " --tier " + work.tier())));
    return lines;
  }

  private static TextTable boards(TieredFleet fleet) {
    TextTable table =
        TextTable.of("board", "slower", "runs", "tier", "time", "mean work", "if it is lost")
            .leftColumns(0, 2);
    for (TieredFleet.Seat each : fleet.boards()) {
      String name = each.board().name();
      String slower = format("%.2fx", each.board().factor());
      if (each.work().isEmpty()) {
        table.row(name, slower, "-", "-", "-", "-", "-");
      } else {
        TieredFleet.Work work = each.work().get();
        table.row(
            name,
            slower,
            work.variant(),
            String.valueOf(work.tier()),
            format("%.1f ms", work.millis()),
            format("%.1f ms", work.meanMillis()),
            format("%+.2f points", 100 * (work.accuracyWithout() - fleet.tiers().accuracy())));
      }
    }
    return table;
  }

  private static String worst(TieredFleet fleet) {
    return fleet.boards().stream()
        .flatMap(each -> each.work().stream())
        .min(Comparator.comparingDouble(TieredFleet.Work::accuracyWithout))
        .map(
            work ->
                format(
                    "One lost board costs at most %.2f points: the board with %s.",
                    100 * (fleet.tiers().accuracy() - work.accuracyWithout()), work.variant()))
        .orElseThrow();
  }

  public static String json(TieredFleet fleet) {
    MeasuredTiers tiers = fleet.tiers();
    return new JsonObject()
        .put("schema", SCHEMA)
        .put("plan", tiers.plan().label())
        .put("deadline_ms", fleet.bounds().deadlineMillis())
        .put("overhead_ms", fleet.bounds().overheadMillis())
        .put("accuracy", tiers.accuracy())
        .put("reached", tiers.reached())
        .put("tier_ms", fleet.tierMillis())
        .put("response_mean_ms", fleet.meanMillis())
        .put("response_worst_ms", fleet.worstMillis())
        .put("rate", fleet.rate())
        .objects("boards", fleet.boards(), TierPlanText::board)
        .text();
  }

  private static void board(JsonObject node, TieredFleet.Seat seat) {
    node.put("board", seat.board().name())
        .put("factor", seat.board().factor())
        .put("variant", seat.work().map(TieredFleet.Work::variant))
        .put("tier", seat.work().map(TieredFleet.Work::tier))
        .put("time_ms", seat.work().map(TieredFleet.Work::millis))
        .put("mean_work_ms", seat.work().map(TieredFleet.Work::meanMillis))
        .put("footprint_mb", seat.work().map(TieredFleet.Work::megabytes))
        .put("accuracy_without", seat.work().map(TieredFleet.Work::accuracyWithout));
  }
}
