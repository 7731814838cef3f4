package chorale.site;

import chorale.protocol.FileFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A child process with its own log file. A {@code chorale} child ends with this process, even if
 * this process is killed: the child's standard input is a pipe from this process, and the child
 * exits when the pipe closes. Thread-safe.
 */
public final class ChildProcess {
  /** Option of a service to exit when its standard input closes. */
  public static final String UNTIL_STDIN_CLOSES = "--until-stdin-closes";

  private static final String MAIN = "chorale.cli.Chorale";

  /** Prefixes of system properties that children inherit. */
  private static final List<String> INHERITED =
      List.of("chorale.", "onnxruntime.", "logback.", "java.library.path");

  private static final Pattern COMPLAINT =
      Pattern.compile("^[\\d:.]+ (WARN|ERROR) |^\\s+at |Exception");

  private final String name;
  private final Process process;
  private final Path log;

  private ChildProcess(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  /**
   * The command of a child process.
   *
   * @param name unique within its folder
   * @param heapMegabytes maximum heap
   * @param arguments of {@code chorale}
   * @param environment in addition to the inherited one, for settings without a flag
   */
  public record Plan(
      String name, int heapMegabytes, List<String> arguments, Map<String, String> environment) {
    public Plan {
      arguments = List.copyOf(arguments);
      environment = Map.copyOf(environment);
    }
  }

  /**
   * @param folder for the log and the child's temporary files
   */
  public static ChildProcess start(Plan plan, Path folder) throws IOException {
    Path temporary = Files.createDirectories(folder.resolve(plan.name() + ".tmp"));
    ProcessBuilder builder = java(plan.heapMegabytes());
    List<String> command = builder.command();
    command.addAll(List.of("-Djava.io.tmpdir=" + temporary, MAIN));
    command.addAll(plan.arguments());
    command.add(UNTIL_STDIN_CLOSES);
    builder.environment().putAll(plan.environment());
    return start(plan.name(), builder, folder);
  }

  /**
   * Starts any program and appends its output to the log.
   *
   * @param name unique within its folder
   */
  public static ChildProcess start(String name, ProcessBuilder builder, Path folder)
      throws IOException {
    Path log = folder.resolve(name + ".log");
    builder.redirectErrorStream(true).redirectOutput(Redirect.appendTo(log.toFile()));
    return new ChildProcess(name, builder.start(), log);
  }

  /** Returns a Java command with this program's classes and settings, without the main class. */
  public static ProcessBuilder java(int heapMegabytes) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Options for this Java version and its heap, passed on by the start script.
    command.addAll(List.of(System.getProperty("chorale.java", "").split(" +")));
    command.removeIf(String::isEmpty);
    command.addAll(List.of("-Xmx" + heapMegabytes + "m", "-XX:+UseSerialGC"));
    for (String property : System.getProperties().stringPropertyNames()) {
      if (INHERITED.stream().anyMatch(property::startsWith)) {
        command.add("-D" + property + "=" + System.getProperty(property));
      }
    }
    ProcessBuilder builder = new ProcessBuilder(command);
    // Not passed as an argument: ONNX Runtime 1.29 matches its process's command line with a
    // recursive regular expression, and 4,000 characters overflow a 1 MiB stack (SIGSEGV, no
    // report).
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    builder.environment().put("ORT_DISABLE_TELEMETRY", "1");
    return builder;
  }

  public String name() {
    return name;
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Returns the processor time of all its threads so far; zero if the system does not report it.
   */
  public Duration processorTime() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** Returns its state and exit code, for a message. */
  public String ending() {
    return isAlive() ? "runs" : "ended with code " + process.exitValue();
  }

  void onExit(Runnable action) {
    var unused = process.onExit().thenRun(action);
  }

  /** Returns an error with this process's name and the last lines of its log. */
  public SiteException failure(String what) {
    return new SiteException(
        name + ' ' + what + "; its last lines:" + System.lineSeparator() + lastLines(12));
  }

  private String lastLines(int count) {
    try {
      List<String> lines =
          new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines().toList();
      return String.join(
          System.lineSeparator(), lines.subList(Math.max(0, lines.size() - count), lines.size()));
    } catch (IOException e) {
      return "(cannot be read: " + FileFailure.described(e, log) + ")";
    }
  }

  /** Asks it to exit by closing its standard input. */
  public void askToEnd() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // The child has already closed its end.
    }
  }

  /** Kills it at once, like a power loss of its board. */
  public void kill() {
    process.destroyForcibly();
  }

  /**
   * Asks it to exit by SIGTERM. {@link Process#destroy} would also close its standard input, which
   * is a second request.
   */
  public void terminate() {
    process.toHandle().destroy();
  }

  /** Returns whether it has exited with code 0. */
  public boolean hasSucceeded() {
    return !isAlive() && process.exitValue() == 0;
  }

  /**
   * Pauses it by SIGSTOP; its connections stay open. It continues when the returned object is
   * closed or this process ends.
   */
  public Halt halt() throws IOException {
    return Halt.of(this);
  }

  /**
   * Limits it to a tenth of its processor time, like a hot or busy board; ends like {@link #halt}.
   */
  public Halt slow() throws IOException {
    return Halt.slow(this);
  }

  /**
   * Returns its resident memory in KiB; empty after its end, or if the system does not report it.
   */
  public OptionalLong residentKibibytes() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid() + "/status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst();
    } catch (IOException | UncheckedIOException e) {
      return OptionalLong.empty();
    }
  }

  /** Returns the lines of its log with a warning or an error. */
  public List<String> complaints() throws IOException {
    return new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
        .lines()
        .filter(line -> COMPLAINT.matcher(line).find())
        .toList();
  }

  /** Asks it to exit, and kills it after this time. */
  public void end(long millis) {
    askToEnd();
    boolean ended = false;
    try {
      ended = process.waitFor(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!ended) {
      process.destroyForcibly();
    }
  }
}
