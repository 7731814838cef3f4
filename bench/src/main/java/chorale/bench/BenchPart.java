package chorale.bench;

import java.util.Optional;

/** A part of the benchmark, which measures a few figures. Runs on the main thread, alone. */
interface BenchPart {
  /** As on the command line. */
  String name();

  /** What it measures, in one line. */
  String about();

  /** What this machine or this checkout lacks for it, in words; the part is then skipped. */
  default Optional<String> lacks(BenchSettings settings) {
    return Optional.empty();
  }

  /**
   * Measures.
   *
   * @throws Exception the message of a checked exception is for the user; an unchecked one is a bug
   */
  Findings run(BenchSettings settings) throws Exception;
}
