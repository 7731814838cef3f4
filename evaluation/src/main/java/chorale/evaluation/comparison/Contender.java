package chorale.evaluation.comparison;

import chorale.evaluation.EvaluationException;
import chorale.protocol.Escalation;
import chorale.protocol.Strategy;
import chorale.protocol.Topics;
import chorale.site.Board;
import chorale.site.SiteException;
import chorale.variants.ModelSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A contender in a comparison: a strategy or a plan of tiers. Immutable.
 *
 * @param label header of its column and suffix of its site's name
 */
public record Contender(String label, Strategy strategy, Optional<Escalation> tiers) {
  public static final String TIERS = "tiers";

  public static Contender of(Strategy strategy) {
    return new Contender(strategy.label(), strategy, Optional.empty());
  }

  public static Contender of(Escalation tiers) {
    return new Contender(TIERS, Strategy.VARIANT, Optional.of(tiers));
  }

  /**
   * Returns the set's plan with the reference network as last tier; if there are several, the one
   * with the fewest MACs for these images.
   *
   * @throws EvaluationException if the set lacks a variant of its plan
   */
  public static Optional<Contender> tiers(ModelSet set, OfflineAnswers answers)
      throws EvaluationException {
    Optional<Escalation> lightest = Optional.empty();
    double least = Double.POSITIVE_INFINITY;
    for (Escalation each : set.escalations()) {
      List<List<String>> tiers = each.plan().tiers();
      if (set.reference().map(List::of).equals(Optional.of(tiers.get(tiers.size() - 1)))) {
        double macs = answers.walk(each, Set.of()).macs();
        lightest = macs < least ? Optional.of(each) : lightest;
        least = Math.min(macs, least);
      }
    }
    return lightest.map(Contender::of);
  }

  List<Board> boards(ModelSet set) throws SiteException {
    return tiers.isPresent() ? Board.of(tiers.get().plan()) : Board.of(strategy, set);
  }

  Topics topics() {
    return new Topics("compare-" + label);
  }
}
