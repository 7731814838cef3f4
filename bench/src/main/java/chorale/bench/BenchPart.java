package chorale.bench;

import java.util.Optional;

/** A part of the benchmark, which measures a few figures. Runs on the main thread, alone. */
abstract class BenchPart {
  private final String name;
  private final String about;

  /**
   * @param name as on the command line
   * @param about what it measures, in one line
   */
  BenchPart(String name, String about) {
    this.name = name;
    this.about = about;
  }

  final String name() {
    return name;
  }

  final String about() {
    return about;
  }

  /** What this machine or this checkout lacks for it, in words; the part is then skipped. */
  Optional<String> lacks(BenchSettings settings) {
    return Optional.empty();
  }

  /**
   * Measures.
   *
   * @throws Exception the message of a checked exception is for the user; an unchecked one is a bug
   */
  abstract Findings run(BenchSettings settings) throws Exception;
}
