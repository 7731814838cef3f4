package chorale.bench;

import java.util.Optional;

/** A part of the benchmark that measures some figures. Parts run one by one on the main thread. */
abstract class BenchPart {
  private final String name;
  private final String about;

  /**
   * @param name the name on the command line
   * @param about what the part measures, in one line
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

  /** Returns what this machine or this checkout lacks for the part, which is then skipped. */
  Optional<String> lacks(BenchSettings settings) {
    return Optional.empty();
  }

  /**
   * Measures the figures.
   *
   * @throws Exception a checked exception has a message for the user; an unchecked one is a bug
   */
  abstract Findings run(BenchSettings settings) throws Exception;
}
