package chorale.launcher;

import chorale.protocol.WorkerInfo;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What people are told of workers that emulate slower boards: no figure of theirs goes unmarked.
 */
final class EmulatedBoards {
  private EmulatedBoards() {}

  /** {@code an emulated board 20 times slower than its machine}. */
  static String described(double factor) {
    String times = factor == Math.rint(factor) ? String.valueOf((long) factor) : "" + factor;
    return "an emulated board " + times + " times slower than its machine";
  }

  /** One line that names those of the workers that emulate, if any does. */
  static Optional<String> note(List<WorkerInfo> workers) {
    String each =
        workers.stream()
            .filter(worker -> worker.boardFactor() > 1)
            .map(worker -> worker.author().worker() + " is " + described(worker.boardFactor()))
            .collect(Collectors.joining(", "));
    return each.isEmpty() ? Optional.empty() : Optional.of("emulation: " + each);
  }
}
