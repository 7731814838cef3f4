package chorale.site.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The faults of a run, in an order and with durations that the seed determines. Durations spread
 * evenly over their logarithm: most are short, some reach the longest. One owner.
 */
final class FaultSchedule {
  private static final Duration BROKER_STOPS = Duration.ofSeconds(20);

  /** Longer than a frame usually takes to its result, so that faults fall before and after it. */
  private static final int MAX_AFTER_FRAME_MILLIS = 60;

  private FaultSchedule() {}

  /** So many of each kind, mixed. */
  static Iterator<Fault> counted(long seed, Map<FaultKind, Integer> counts) {
    Random random = new Random(seed);
    List<Fault> faults = new ArrayList<>();
    new TreeMap<>(counts)
        .forEach(
            (kind, count) -> {
              for (int i = 0; i < count; i++) {
                faults.add(fault(kind, i % 2 == 1, random));
              }
            });
    Collections.shuffle(faults, random);
    return faults.iterator();
  }

  /** Without an end. */
  static Iterator<Fault> endless(long seed, Collection<FaultKind> kinds) {
    Random random = new Random(seed);
    List<FaultKind> sorted = kinds.stream().distinct().sorted().toList();
    return Stream.generate(
            () -> fault(sorted.get(random.nextInt(sorted.size())), random.nextBoolean(), random))
        .iterator();
  }

  private static Fault fault(FaultKind kind, boolean odd, Random random) {
    boolean pauses = kind == FaultKind.STOP || kind == FaultKind.CUT;
    return new Fault(
        kind,
        odd && pauses,
        random.nextBoolean(),
        random.nextBoolean() && (kind == FaultKind.KILL || kind == FaultKind.LEAVE),
        lasts(kind, random),
        Duration.ofMillis(random.nextInt(MAX_AFTER_FRAME_MILLIS)));
  }

  private static Duration lasts(FaultKind kind, Random random) {
    return switch (kind) {
      case STOP -> between(1_000, 30_000, random);
      case CUT -> between(100, 30_000, random);
      case BROKER_STOP -> BROKER_STOPS;
      case KILL, LEAVE, WORKER, BROKER_KILL -> between(200, 2_000, random);
    };
  }

  private static Duration between(int leastMillis, int mostMillis, Random random) {
    double factor = Math.pow((double) mostMillis / leastMillis, random.nextDouble());
    return Duration.ofMillis(Math.round(leastMillis * factor));
  }
}
