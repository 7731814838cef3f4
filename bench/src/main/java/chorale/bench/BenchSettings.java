package chorale.bench;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The command-line options, for all parts.
 *
 * @param models the model set's directory
 * @param quick whether to run everything briefly, as a test with meaningless figures
 * @param boardFactor the factor of emulated boards
 * @param broker "hivemq", "mosquitto" or the URI of a running broker
 * @param data images, for the parts that need some
 * @param progress receives a line for each step
 */
record BenchSettings(
    Path models,
    boolean quick,
    int boardFactor,
    String broker,
    Optional<Path> data,
    Consumer<String> progress) {

  /** Returns the second value in a quick run, otherwise the first. */
  int either(int full, int quickly) {
    return quick ? quickly : full;
  }

  void tell(String line) {
    progress.accept(line);
  }

  /** Returns the path of a file of this checkout. */
  static Path home(String first, String... more) {
    return Path.of(System.getProperty("chorale.home", "")).resolve(Path.of(first, more));
  }
}
