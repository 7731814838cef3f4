package chorale.site;

import chorale.protocol.Strategy;
import chorale.protocol.TierPlan;
import chorale.variants.ModelSet;
import chorale.variants.VariantManifest;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A board of a site on this machine: its name and its worker's arguments. Immutable.
 *
 * @param arguments of this worker, in addition to the common ones
 * @param broker address of the broker, if it differs from the site's
 */
public record Board(String name, List<String> arguments, Optional<URI> broker) {
  public Board {
    arguments = List.copyOf(arguments);
  }

  public Board(String name, List<String> arguments) {
    this(name, arguments, Optional.empty());
  }

  /** Returns the same board with this address of the broker. */
  public Board through(URI link) {
    return new Board(name, arguments, Optional.of(link));
  }

  /** Returns a board for a variant, named after it. */
  public static Board of(String variant) {
    return new Board(variant, List.of("--variant", variant));
  }

  /**
   * Returns the boards of a strategy. If the strategy does not determine their number, it equals
   * the number of the set's variants.
   *
   * @throws SiteException if the set lacks something that the strategy needs
   */
  public static List<Board> of(Strategy strategy, ModelSet set) throws SiteException {
    if (strategy == Strategy.CLASS && !set.isByClass()) {
      throw missing(strategy, set, "networks for groups of classes");
    }
    if (strategy.isFused()) {
      return set.ids().stream().map(Board::of).toList();
    }
    VariantManifest reference =
        set.referenceManifest().orElseThrow(() -> missing(strategy, set, "its reference network"));
    if (strategy == Strategy.MODEL && reference.stages().isEmpty()) {
      throw missing(strategy, set, "stages of its reference network");
    }
    List<String> network = List.of("--variant", reference.id());
    return switch (strategy) {
      case DATA -> numbered("board-", set.variants().size(), network);
      case MODEL -> {
        List<Board> stages = new ArrayList<>();
        for (Board each : numbered("stage-", reference.stages().size(), network)) {
          List<String> arguments = new ArrayList<>(network);
          arguments.addAll(List.of("--stage", String.valueOf(stages.size() + 1)));
          stages.add(new Board(each.name(), arguments));
        }
        yield stages;
      }
      case SINGLE, VARIANT, CLASS -> List.of(of(reference.id()));
    };
  }

  /** Returns the boards of a plan of tiers, one for each of its variants. */
  public static List<Board> of(TierPlan plan) {
    List<Board> boards = new ArrayList<>();
    for (int i = 0; i < plan.tiers().size(); i++) {
      for (String variant : plan.tiers().get(i)) {
        boards.add(
            new Board(variant, List.of("--variant", variant, "--tier", String.valueOf(i + 1))));
      }
    }
    return boards;
  }

  private static List<Board> numbered(String prefix, int count, List<String> arguments) {
    List<Board> boards = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      boards.add(new Board(prefix + i, arguments));
    }
    return boards;
  }

  private static SiteException missing(Strategy strategy, ModelSet set, String what) {
    return new SiteException(
        "strategy %s needs %s, but the model set %s has none"
            .formatted(strategy.label(), what, set.directory()));
  }
}
