package chorale.bench;

import chorale.evaluation.measurement.MeasurementException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The same pipeline in another language, in a directory of {@code bench/peers}. */
enum Peer {
  NODE("Node.js", "node", "node", ".js"),
  PYTHON("Python", "python", ".venv/bin/python", ".py");

  private final String label;
  private final String folder;
  private final String runtime;
  private final String suffix;

  Peer(String label, String folder, String runtime, String suffix) {
    this.label = label;
    this.folder = folder;
    this.runtime = runtime;
    this.suffix = suffix;
  }

  String label() {
    return label;
  }

  /** Returns the peer's site name. Each peer has its own, because all run on one broker. */
  String site(String ours) {
    return ours + '-' + folder;
  }

  Path directory() {
    return peers().resolve(folder);
  }

  /** The command that starts a process of this role, in {@link #directory}. */
  List<String> command(String role) {
    Path own = directory().resolve(runtime);
    return List.of(Files.exists(own) ? own.toString() : runtime, role + suffix);
  }

  /**
   * Installs the dependencies unless they are installed already.
   *
   * @return what is missing on this machine
   */
  Optional<String> install() {
    try {
      var unused = ShellCommand.run(List.of(peers().resolve("install-" + folder).toString()));
      return Optional.empty();
    } catch (MeasurementException e) {
      return Optional.of(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("interrupted");
    }
  }

  private static Path peers() {
    return BenchSettings.home("bench", "peers");
  }
}
