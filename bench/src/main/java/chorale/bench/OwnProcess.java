package chorale.bench;

import chorale.site.ChildProcess;
import java.io.IOException;
import java.util.List;

/** A part of the benchmark in a process of its own, as a worker is; its errors are shown. */
final class OwnProcess {
  /** A worker's, {@link chorale.site.LocalSite}. */
  private static final int HEAP_MEGABYTES = 192;

  private OwnProcess() {}

  static Process start(Class<?> main, List<String> arguments) throws IOException {
    ProcessBuilder builder = ChildProcess.java(HEAP_MEGABYTES);
    builder.command().add(main.getName());
    builder.command().addAll(arguments);
    return builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }
}
