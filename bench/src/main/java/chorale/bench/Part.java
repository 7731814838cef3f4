package chorale.bench;

import java.util.Optional;

/** One part of the benchmark, which measures a few figures. Runs on the main thread, alone. */
interface Part {
  /** As on the command line. */
  String name();

  /** What it measures, in one line. */
  String about();

  /** What this machine or this checkout lacks for it, in words; then it is skipped. */
  default Optional<String> lacks(Settings settings) {
    return Optional.empty();
  }

  /**
   * @throws BenchException it did not work out: a line for the user
   */
  Findings run(Settings settings) throws BenchException, InterruptedException;
}
