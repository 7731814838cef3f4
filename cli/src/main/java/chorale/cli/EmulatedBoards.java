package chorale.cli;

import chorale.protocol.WorkerInfo;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Texts that mark the figures of workers that emulate slower boards. Stateless. */
public final class EmulatedBoards {
  private EmulatedBoards() {}

  /** Returns {@code an emulated board 20 times slower than this machine}. */
  public static String described(double factor) {
    return "an emulated board " + times(factor) + " slower than this machine";
  }

  /** Returns a line that names the emulating workers; empty if there are none. */
  public static Optional<String> note(List<WorkerInfo> workers) {
    SortedMap<Double, String> byFactor = new TreeMap<>();
    for (WorkerInfo worker : workers) {
      if (worker.boardFactor() > 1) {
        byFactor.merge(
            worker.boardFactor(), worker.author().worker(), (one, other) -> one + ", " + other);
      }
    }
    StringBuilder note = new StringBuilder();
    byFactor.forEach(
        (factor, names) ->
            note.append(note.isEmpty() ? "emulated boards, " : "; ")
                .append(times(factor))
                .append(" slower than their machine: ")
                .append(names));
    return note.isEmpty() ? Optional.empty() : Optional.of(note.toString());
  }

  private static String times(double factor) {
    boolean whole = factor == Math.rint(factor);
    return (whole ? String.valueOf((long) factor) : String.valueOf(factor)) + " times";
  }
}
