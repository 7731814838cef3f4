package chorale.site.faults;

import chorale.site.faults.History.Told;
import chorale.site.faults.History.Vote;
import chorale.site.faults.Violation.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A checker of votes in results: at most one per worker and per variant, each equal to the worker's
 * reply, despite repeated and late replies. Used once; reads only the history.
 */
final class VoteChecker {
  private final History history;
  private final Duration limit;
  private final HistoryText text;

  /**
   * @param limit maximum time from a frame to its result
   */
  VoteChecker(History history, Duration limit) {
    this.history = history;
    this.limit = limit;
    this.text = new HistoryText(history);
  }

  List<Violation> check() {
    List<Violation> violations = new ArrayList<>();
    for (Told each : history.told) {
      if (history.isJudged(each.atNanos())) {
        fault(each)
            .ifPresent(
                kind ->
                    violations.add(
                        new Violation(
                            kind,
                            each.key().hex(),
                            text.of(each.key(), each.atNanos(), List.of(each))
                                + System.lineSeparator()
                                + "  counted: "
                                + each.votes()
                                + ", replied: "
                                + replies(each))));
      }
    }
    return violations;
  }

  private Optional<Kind> fault(Told told) {
    Set<String> workers = new HashSet<>();
    Set<String> variants = new HashSet<>();
    for (Vote vote : told.votes()) {
      if (!workers.add(vote.worker()) || !variants.add(vote.variant())) {
        return Optional.of(Kind.RECOUNTED);
      }
    }
    return replies(told).containsAll(told.votes()) || mayHaveMissed(told)
        ? Optional.empty()
        : Optional.of(Kind.INVENTED);
  }

  private Set<Vote> replies(Told told) {
    return history.replies.getOrDefault(told.key(), Set.of());
  }

  private boolean mayHaveMissed(Told told) {
    return history.isOut(
        new Span(told.atNanos() - limit.toNanos(), told.atNanos() + limit.toNanos()));
  }
}
