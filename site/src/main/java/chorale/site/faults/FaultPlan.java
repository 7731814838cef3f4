package chorale.site.faults;

import chorale.protocol.Bytes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A run of the fault bench. Immutable.
 *
 * @param seed of the faults, their order, victims and durations
 * @param lasts how long faults begin; empty until all that are counted have been brought about
 * @param faults how many of each kind; 0 where the time decides
 * @param broker {@code hivemq} or {@code mosquitto}
 */
public record FaultPlan(
    long seed,
    Optional<Duration> lasts,
    Map<FaultKind, Integer> faults,
    Group group,
    Load load,
    String broker) {
  /** Between the turns of two members (docs/reliability.md). */
  private static final int SLOT_MILLIS = 300;

  /** How late a member may be in its turn. */
  private static final int LATE_MILLIS = 150;

  /** For the broker and this machine. */
  private static final int SLACK_MILLIS = 350;

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
   * @param rate frames a second, of all cameras together
   * @param images JPEGs, which are published in turns
   */
  public record Load(int cameras, double rate, int deadlineMillis, List<Bytes> images) {
    public Load {
      images = List.copyOf(images);
    }
  }

  /** From a frame to its result, at most: the deadline, then a turn of each member. */
  public Duration limit() {
    return Duration.ofMillis(
        load.deadlineMillis()
            + (long) SLOT_MILLIS * group.aggregators()
            + LATE_MILLIS
            + SLACK_MILLIS);
  }

  boolean isCounted() {
    return faults.values().stream().anyMatch(count -> count > 0);
  }
}
