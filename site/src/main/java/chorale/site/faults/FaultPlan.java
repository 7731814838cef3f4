package chorale.site.faults;

import chorale.protocol.Bytes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The plan of a fault test. Immutable.
 *
 * @param seed determines the faults, their order, victims and durations
 * @param lasts duration of fault injection; empty to run until all counted faults are done
 * @param faults how often each kind occurs; 0 for as often as fits into the duration. Empty for a
 *     soak test, which checks memory and logs instead
 * @param broker {@code hivemq} or {@code mosquitto}
 * @param slack extra time for a result beyond the group's rules, for the broker and this machine
 */
public record FaultPlan(
    long seed,
    Optional<Duration> lasts,
    Map<FaultKind, Integer> faults,
    Group group,
    Load load,
    String broker,
    Duration slack) {
  /** Time between the turns of two members (docs/reliability.md). */
  private static final int SLOT_MILLIS = 300;

  /** Maximum delay of a member in its turn. */
  private static final int LATE_MILLIS = 150;

  /** Share of the site's maximum rate, used if the load has no rate. */
  public static final double SHARE = 0.6;

  public FaultPlan {
    faults = Map.copyOf(faults);
  }

  /**
   * The services of the site.
   *
   * @param models directory of the model set
   * @param variants one worker for each
   */
  public record Group(int aggregators, List<String> variants, Path models) {
    public Group {
      variants = List.copyOf(variants);
    }
  }

  /**
   * The load of the site.
   *
   * @param rate frames per second, of all cameras together; empty for {@link #SHARE} of the site's
   *     maximum rate, which is measured first
   * @param images JPEGs, published in turns
   */
  public record Load(int cameras, OptionalDouble rate, int deadlineMillis, List<Bytes> images) {
    public Load {
      images = List.copyOf(images);
    }
  }

  Checker.Limits limits() {
    Duration usual = Duration.ofMillis(load.deadlineMillis() + LATE_MILLIS).plus(slack);
    return new Checker.Limits(usual, usual.plusMillis((long) SLOT_MILLIS * group.aggregators()));
  }

  public boolean isSoak() {
    return faults.isEmpty();
  }

  boolean isCounted() {
    return faults.values().stream().anyMatch(count -> count > 0);
  }
}
