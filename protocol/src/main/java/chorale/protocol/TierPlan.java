package chorale.protocol;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An ordered list of tiers, each a set of variants. Written {@code V2/V1,V3/reference}: tiers are
 * separated by {@code /}, variants by {@code ,}. Immutable.
 *
 * @param tiers ids of variants, each once; sorted by name within a tier
 */
public record TierPlan(List<List<String>> tiers) {
  /** Maximum number of tiers; each further one adds a wait. */
  public static final int MAX_TIERS = 4;

  private static final String ALLOWED =
      "1 to " + MAX_TIERS + " tiers of variants, each variant once, like V2/V1,V3/reference";

  public TierPlan {
    Set<String> seen = new HashSet<>();
    boolean valid = !tiers.isEmpty() && tiers.size() <= MAX_TIERS;
    for (List<String> tier : tiers) {
      valid &= !tier.isEmpty() && tier.stream().allMatch(id -> Names.isValid(id) && seen.add(id));
    }
    if (!valid) {
      throw new IllegalArgumentException("'%s' (allowed: %s)".formatted(label(tiers), ALLOWED));
    }
    tiers = tiers.stream().map(tier -> tier.stream().sorted().toList()).toList();
  }

  /**
   * @throws IllegalArgumentException says what is allowed
   */
  public static TierPlan parse(String text) {
    List<List<String>> tiers = new ArrayList<>();
    for (String tier : text.split("/", -1)) {
      tiers.add(List.of(tier.split(",", -1)));
    }
    return new TierPlan(tiers);
  }

  /** Returns the text that {@link #parse} reads. */
  public String label() {
    return label(tiers);
  }

  private static String label(List<List<String>> tiers) {
    return tiers.stream().map(tier -> String.join(",", tier)).collect(Collectors.joining("/"));
  }

  /** Returns all variants in the order of the tiers. */
  public List<String> variants() {
    return tiers.stream().flatMap(List::stream).toList();
  }
}
