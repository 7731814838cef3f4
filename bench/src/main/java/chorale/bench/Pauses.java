package chorale.bench;

import chorale.evaluation.measurement.MeasurementException;
import chorale.evaluation.measurement.Rounds;
import chorale.protocol.Bytes;
import chorale.variants.ModelSet;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * What a pause before an image costs: the worker's classifier alone on one thread, in processor
 * time of that thread, after it slept, after it was busy without memory, and after it touched so
 * much memory that nothing of the network was left in the caches close to the core, or in any.
 * Tells why a board that waits between two images takes longer for each.
 */
final class Pauses implements Part {
  /** Several times what the second level of today's processors holds. */
  private static final int NEAR_BYTES = 16 << 20;

  /** Several times what a core can have of the last level in most. */
  private static final int ALL_BYTES = 128 << 20;

  private static final int LINE_BYTES = 64;

  /**
   * What the thread does before it is given an image.
   *
   * @param label in words
   */
  private record Rest(String label, Runnable taken) {}

  private static List<Rest> rests() {
    ByteBuffer memory = ByteBuffer.allocateDirect(ALL_BYTES);
    return List.of(
        new Rest("without a pause", () -> {}),
        new Rest("after 2 ms asleep", () -> LockSupport.parkNanos(2_000_000)),
        new Rest("after 20 ms asleep", () -> LockSupport.parkNanos(20_000_000)),
        new Rest("after 140 ms asleep", () -> LockSupport.parkNanos(140_000_000)),
        new Rest("after 20 ms awake", () -> spin(20_000_000)),
        new Rest("after 16 MB touched", () -> touch(memory, NEAR_BYTES)),
        new Rest("after 128 MB touched", () -> touch(memory, ALL_BYTES)));
  }

  /** Keeps the processor busy. */
  private static void spin(long nanos) {
    long start = System.nanoTime();
    while (System.nanoTime() - start < nanos) {
      Thread.onSpinWait();
    }
  }

  private static void touch(ByteBuffer memory, int bytes) {
    for (int i = 0; i < bytes; i += LINE_BYTES) {
      memory.put(i, (byte) (memory.get(i) + 1));
    }
  }

  /** One network after one kind of rest. */
  private record Rested(String network, BareBoard board, Rest rest) implements Rounds.Subject {
    @Override
    public String name() {
      return name(network, rest);
    }

    static String name(String network, Rest rest) {
      return network + ", " + rest.label();
    }

    @Override
    public Map<String, Double> sample(int turn) throws MeasurementException {
      rest.taken().run();
      return board.sample(turn);
    }
  }

  @Override
  public String name() {
    return "pauses";
  }

  @Override
  public String about() {
    return "what a pause before an image costs: asleep, awake, or with its caches emptied";
  }

  @Override
  public Optional<String> lacks(Settings settings) {
    return Models.lackOfReference(settings);
  }

  @Override
  public Findings run(Settings settings) throws BenchException, InterruptedException {
    ModelSet set = Models.open(settings.models());
    List<Bytes> images = Pictures.load();
    List<String> networks = Pipeline.networks(set);
    List<Rest> rests = rests();
    Map<String, BareBoard> boards = new LinkedHashMap<>();
    try {
      // the reference, the lightest variant and the heaviest
      for (int i : new int[] {0, 1, networks.size() - 1}) {
        boards.put(networks.get(i), BareBoard.open(set, networks.get(i), images, 1));
      }
      settings.tell("warming up");
      List<Rounds.Subject> subjects = new ArrayList<>();
      for (Map.Entry<String, BareBoard> each : boards.entrySet()) {
        for (Rest rest : rests) {
          subjects.add(new Rested(each.getKey(), each.getValue(), rest));
        }
        for (int i = 0; i < settings.either(2_000, 5); i++) {
          var unused = each.getValue().sample(i);
        }
      }
      settings.tell("measuring");
      Rounds rounds =
          Rounds.run(subjects, new Rounds.Extent(1, settings.either(8, 1), settings.either(15, 1)));
      return findings(boards.keySet(), rests, rounds);
    } catch (MeasurementException e) {
      throw new BenchException(e.getMessage(), e);
    } finally {
      boards.values().forEach(BareBoard::close);
    }
  }

  private static Findings findings(Set<String> networks, List<Rest> rests, Rounds rounds) {
    List<Figure> figures = new ArrayList<>();
    for (String network : networks) {
      for (String measure : List.of(BareBoard.DECODE, BareBoard.INFERENCE)) {
        for (Rest rest : rests) {
          figures.add(
              Figure.known(
                  network + ", " + measure + " " + rest.label(),
                  "ms",
                  Spread.of(rounds.medians(Rested.name(network, rest), measure))));
        }
      }
    }
    return new Findings(
        figures,
        List.of(),
        List.of(
            "Processor time of one thread; decode: with resize. Asleep: the thread is parked, and the"
                + " processor idle. Awake: it spins.",
            "Touched: so much memory is read and written just before. After 16 MB the caches next to"
                + " the core hold nothing of the network, after 128 MB hardly any cache does."));
  }
}
