package chorale.bench;

import chorale.evaluation.measurement.MeasurementException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A runner of external programs that waits for their end. Stateless. */
final class ShellCommand {
  private ShellCommand() {}

  /**
   * Runs a program without this process's class path.
   *
   * @return the last line of its output
   * @throws MeasurementException the program cannot start or fails; with its last line of output
   */
  static String run(List<String> command) throws MeasurementException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().remove("CLASSPATH");
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      String last = output.lines().reduce((first, second) -> second).orElse("no output");
      if (process.waitFor() != 0) {
        throw new MeasurementException(command.get(0) + " failed: " + last);
      }
      return last;
    } catch (IOException e) {
      throw new MeasurementException(command.get(0) + " cannot run: " + e.getMessage(), e);
    }
  }
}
