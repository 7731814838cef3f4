package chorale.aggregator;

import chorale.aggregator.Roster.StageReplicas;
import chorale.aggregator.Roster.VariantEntry;
import chorale.aggregator.fusion.FusionRule;
import chorale.protocol.RendezvousHash;
import chorale.protocol.RequestKey;
import chorale.protocol.Strategy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a site's strategy lets a request expect of the fleet, and how the votes that come are
 * joined. Stateless. All that the aggregator does differently from strategy to strategy is here.
 */
sealed interface StrategyRules {

  /** Who of a variant's workers this request is answered by. */
  Expected expected(VariantEntry entry, RequestKey key);

  /** A variant that is heard of only by its vote. */
  Expected nobody();

  /** How votes become one answer. */
  FusionRule fusion();

  /**
   * @param configured the rule where the strategy leaves it open; of one vote, every rule makes the
   *     same answer
   */
  static StrategyRules of(Strategy strategy, FusionRule configured) {
    return strategy.isShared() ? new Owners(configured) : new Everyone(configured);
  }

  /** Variants, and the one board: every worker answers, and the first of a variant is its vote. */
  record Everyone(FusionRule fusion) implements StrategyRules {
    private static final Expected NOBODY = new Expected(List.of(), false);

    @Override
    public Expected expected(VariantEntry entry, RequestKey key) {
      return new Expected(entry.stages().get(0).available(), false);
    }

    @Override
    public Expected nobody() {
      return NOBODY;
    }
  }

  /**
   * Data and model parallelism: of each stage, one worker takes the request. The owner is named
   * among all that are online, as the workers themselves do, who know nothing of each other's
   * silence; one who is silent is not waited for.
   */
  record Owners(FusionRule fusion) implements StrategyRules {
    private static final Expected NOBODY = new Expected(List.of(), true);

    @Override
    public Expected expected(VariantEntry entry, RequestKey key) {
      List<String> owners = new ArrayList<>(entry.stages().size());
      for (StageReplicas replicas : entry.stages()) {
        Optional<String> owner = RendezvousHash.owner(key, replicas.online());
        if (owner.isEmpty() || !replicas.available().contains(owner.get())) {
          return NOBODY;
        }
        owners.add(owner.get());
      }
      return new Expected(owners, true);
    }

    @Override
    public Expected nobody() {
      return NOBODY;
    }
  }
}
