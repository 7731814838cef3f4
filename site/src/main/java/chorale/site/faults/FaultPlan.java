package chorale.site.faults;

import chorale.protocol.Bytes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A run of the fault bench. Immutable.
 *
 * @param seed of the faults, their order, victims and durations
 * @param lasts how long faults begin; empty until all that are counted have been brought about
 * @param faults how many of each kind; 0 where the time decides; none for a soak, which watches
 *     memory and logs instead
 * @param broker {@code hivemq} or {@code mosquitto}
 * @param slack how late a result may be besides what the rules of the group allow, for the broker
 *     and this machine
 */
public record FaultPlan(
    long seed,
    Optional<Duration> lasts,
    Map<FaultKind, Integer> faults,
    Group group,
    Load load,
    String broker,
    Duration slack) {
  /** Between the turns of two members (docs/reliability.md). */
  private static final int SLOT_MILLIS = 300;

  /** How late a member may be in its turn. */
  private static final int LATE_MILLIS = 150;

  /** Of what a site can answer, where the load has no rate of its own. */
  public static final double SHARE = 0.6;

  public FaultPlan {
    faults = Map.copyOf(faults);
  }

  /**
   * The services.
   *
   * @param models the model set's directory
   * @param variants a worker for each
   */
  public record Group(int aggregators, List<String> variants, Path models) {
    public Group {
      variants = List.copyOf(variants);
    }
  }

  /**
   * What they have to do.
   *
   * @param rate frames a second, of all cameras together; empty for {@link #SHARE} of what the site
   *     can answer, which is measured first
   * @param images JPEGs, which are published in turns
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
