package chorale.site;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * A suspension of a process by SIGSTOP, either continuous or for 90 % of the time. A shell sends
 * the signals. It resumes the process when this object is closed or this Java process ends, because
 * its input pipe then closes. Not thread-safe.
 */
public final class Halt implements AutoCloseable {
  private static final String ALL_THE_TIME =
      "kill -STOP %1$s && echo halted && read ended; kill -CONT %1$s";

  /** Runs for 10 ms of 100 ms; signals add some delay. */
  private static final String MOST_OF_IT =
      "(while kill -STOP %1$s && sleep .09 && kill -CONT %1$s && sleep .01; do :; done) &"
          + " kill -0 %1$s && echo halted && read ended; kill $!; wait; kill -CONT %1$s";

  private final Process shell;

  private Halt(Process shell) {
    this.shell = shell;
  }

  static Halt of(ChildProcess process) throws IOException {
    return of(process, ALL_THE_TIME);
  }

  /** Limits it to a tenth of its processor time. */
  static Halt slow(ChildProcess process) throws IOException {
    return of(process, MOST_OF_IT);
  }

  private static Halt of(ChildProcess process, String script) throws IOException {
    Process shell =
        new ProcessBuilder("sh", "-c", script.formatted(process.pid()))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    byte[] said = new byte["halted".length()];
    int read = shell.getInputStream().readNBytes(said, 0, said.length);
    if (read < said.length || !new String(said, StandardCharsets.US_ASCII).equals("halted")) {
      throw new IOException(process.name() + " cannot be paused: " + process.ending());
    }
    return new Halt(shell);
  }

  /** Resumes the process; returns when it runs again. */
  @Override
  public void close() throws IOException {
    shell.getOutputStream().close();
    try {
      shell.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
