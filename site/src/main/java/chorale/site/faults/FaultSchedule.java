package chorale.site.faults;

import chorale.site.faults.Fault.Aim;
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
 * A generator of a run's faults, in an order and with durations determined by the seed. Durations
 * are spread on a logarithmic scale: most are short, some reach the maximum. Stateless; each
 * iterator has one owner.
 */
final class FaultSchedule {
  /** Longer than the usual response time, so that faults occur before and after the result. */
  private static final int MAX_AFTER_FRAME_MILLIS = 60;

  private FaultSchedule() {}

  /** Returns this number of faults of each kind, shuffled. */
  static Iterator<Fault> counted(long seed, Map<FaultKind, Integer> counts) {
    Random random = new Random(seed);
    List<Fault> faults = new ArrayList<>();
    new TreeMap<>(counts)
        .forEach(
            (kind, count) -> {
              for (int i = 0; i < count; i++) {
                faults.add(fault(kind, i, random));
              }
            });
    Collections.shuffle(faults, random);
    return faults.iterator();
  }

  /** Returns endless faults; none without kinds. */
  static Iterator<Fault> endless(long seed, Collection<FaultKind> kinds) {
    if (kinds.isEmpty()) {
      return Collections.emptyIterator();
    }
    Random random = new Random(seed);
    List<FaultKind> sorted = kinds.stream().distinct().sorted().toList();
    return Stream.generate(
            () -> fault(sorted.get(random.nextInt(sorted.size())), random.nextInt(6), random))
        .iterator();
  }

  /**
   * @param number counts faults of this kind; their victims take turns
   */
  private static Fault fault(FaultKind kind, int number, Random random) {
    return new Fault(
        kind,
        aim(kind, number),
        random.nextBoolean(),
        random.nextBoolean() && (kind == FaultKind.KILL || kind == FaultKind.LEAVE),
        lasts(kind, random),
        Duration.ofMillis(random.nextInt(MAX_AFTER_FRAME_MILLIS)),
        random.nextDouble());
  }

  private static Aim aim(FaultKind kind, int number) {
    return switch (kind) {
      case KILL, LEAVE -> Aim.OWNER;
      case STOP, CUT -> number % 2 == 0 ? Aim.OWNER : Aim.SHADOW;
      case DELAY, DROP, TRICKLE -> List.of(Aim.OWNER, Aim.WORKER, Aim.SHADOW).get(number % 3);
      case WORKER, SLOW -> Aim.WORKER;
      case BROKER_STOP, BROKER_KILL -> Aim.BROKER;
      case REPLAY, RECONNECT -> Aim.SITE;
    };
  }

  private static Duration lasts(FaultKind kind, Random random) {
    return switch (kind) {
      case STOP -> between(1_000, 30_000, random);
      case CUT -> between(100, 30_000, random);
      case DROP -> between(500, 15_000, random);
      case DELAY, TRICKLE -> between(1_000, 15_000, random);
      case SLOW -> between(2_000, 20_000, random);
      case REPLAY, RECONNECT -> between(3_000, 10_000, random);
      case BROKER_STOP -> Duration.ofSeconds(20);
      case KILL, LEAVE, WORKER, BROKER_KILL -> between(200, 2_000, random);
    };
  }

  private static Duration between(int leastMillis, int mostMillis, Random random) {
    return Duration.ofMillis(Fault.between(leastMillis, mostMillis, random.nextDouble()));
  }
}
