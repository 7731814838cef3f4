package chorale.bench;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What the command line says to every part.
 *
 * @param models the model set's directory
 * @param quick a tiny run of everything, to see that it runs; its figures mean nothing
 * @param boardFactor of emulated boards
 * @param broker "hivemq", "mosquitto" or the URI of one that runs
 * @param data labelled images, for the parts that need some
 * @param progress is told, line by line, what goes on
 */
record Settings(
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
}
