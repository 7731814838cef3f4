package chorale.cli.camera;

import chorale.cli.Terminal;
import chorale.protocol.Result;
import chorale.protocol.Result.Answered;
import chorale.protocol.Result.Missing;
import chorale.protocol.Result.MissingReason;
import chorale.publisher.Outcome;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counters of a run for each variant: votes, agreement with the answer, reasons for missing votes.
 * Not thread-safe.
 */
final class VariantTally {
  private final Map<String, Counts> byVariant = new TreeMap<>();

  private static final class Counts {
    private long votes;
    private long agreed;
    private long labeled;
    private long right;
    private double inferenceMillis;
    private final Map<MissingReason, Long> missing = new EnumMap<>(MissingReason.class);
  }

  void add(Outcome outcome) {
    if (outcome.result().isEmpty()) {
      return;
    }
    Result result = outcome.result().get();
    for (Answered vote : result.answered()) {
      Counts counts = of(vote.variant());
      counts.votes++;
      counts.inferenceMillis += vote.inferenceMillis();
      counts.agreed += outcome.predicted().filter(vote.name()::equals).isPresent() ? 1 : 0;
      counts.labeled += outcome.label().isPresent() ? 1 : 0;
      counts.right += outcome.label().filter(vote.name()::equals).isPresent() ? 1 : 0;
    }
    for (Missing missing : result.missing()) {
      of(missing.variant()).missing.merge(missing.reason(), 1L, Long::sum);
    }
  }

  private Counts of(String variant) {
    return byVariant.computeIfAbsent(variant, name -> new Counts());
  }

  /** Returns a header line and a line for each variant; no lines if no variant is known. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    if (byVariant.isEmpty()) {
      return lines;
    }
    boolean labeled = byVariant.values().stream().anyMatch(counts -> counts.labeled > 0);
    lines.add("variant    votes   agreed" + (labeled ? "    right" : "") + "  inference  missing");
    byVariant.forEach(
        (variant, counts) ->
            lines.add(
                Terminal.format(
                        "%-8s %7d  %7s%s  %9s  %s",
                        variant,
                        counts.votes,
                        percent(counts.agreed, counts.votes),
                        labeled
                            ? Terminal.format("  %7s", percent(counts.right, counts.labeled))
                            : "",
                        counts.votes == 0
                            ? "-"
                            : Terminal.format("%.2f ms", counts.inferenceMillis / counts.votes),
                        missing(counts))
                    .stripTrailing()));
    return lines;
  }

  private static String missing(Counts counts) {
    List<String> parts = new ArrayList<>();
    counts.missing.forEach((reason, count) -> parts.add(reason.label() + ' ' + count));
    return String.join(", ", parts);
  }

  private static String percent(long part, long whole) {
    return whole == 0 ? "-" : Terminal.format("%.1f %%", 100.0 * part / whole);
  }
}
