package chorale.bench;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The options of the command line, for every part.
 *
 * @param models the model set's directory
 * @param quick a tiny run of everything, to see that it runs; its figures mean nothing
 * @param boardFactor of emulated boards
 * @param broker "hivemq", "mosquitto" or the URI of one that runs
 * @param data labelled images, for the parts that need some
 * @param progress receives a line for each step
 */
record BenchSettings(
    Path models,
    boolean quick,
    int boardFactor,
    String broker,
    Optional<Path> data,
    Consumer<String> progress) {

  /** The first unless this is a quick run. */
  int either(int full, int quickly) {
    return quick ? quickly : full;
  }

  void tell(String line) {
    progress.accept(line);
  }

  /** A file of this checkout. */
  static Path home(String first, String... more) {
    return Path.of(System.getProperty("chorale.home", "")).resolve(Path.of(first, more));
  }
}
