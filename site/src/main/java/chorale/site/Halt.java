package chorale.site;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * A process that is halted by SIGSTOP until this closes, or until the process that halted it ends,
 * however that ends: the shell that sends the signals waits at a pipe that only this process holds
 * open. One owner.
 */
public final class Halt implements AutoCloseable {
  private final Process shell;

  private Halt(Process shell) {
    this.shell = shell;
  }

  static Halt of(ChildProcess process) throws IOException {
    String script = "kill -STOP %1$s && echo halted && read ended; kill -CONT %1$s";
    Process shell =
        new ProcessBuilder("sh", "-c", script.formatted(process.pid()))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    byte[] said = new byte["halted".length()];
    int read = shell.getInputStream().readNBytes(said, 0, said.length);
    if (read < said.length || !new String(said, StandardCharsets.US_ASCII).equals("halted")) {
      throw new IOException(process.name() + " cannot be halted: " + process.ending());
    }
    return new Halt(shell);
  }

  /** Returns once it goes on. */
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
