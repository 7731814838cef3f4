package chorale.site;

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
 * A child process with a log file of its own. One that runs {@code chorale} ends when this process
 * does, however this process ends: its standard input is a pipe that only this process holds open,
 * and the child ends when the pipe closes. Safe for several threads.
 */
public final class ChildProcess {
  /** How a service is told to end when its standard input closes. */
  public static final String UNTIL_STDIN_CLOSES = "--until-stdin-closes";

  private static final String MAIN = "chorale.cli.Chorale";

  /** Settings of this Java that its children need too. */
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
   * What is started.
   *
   * @param name unique among those that share a folder
   * @param heapMegabytes its largest heap
   * @param arguments of {@code chorale}
   * @param environment besides what it inherits: settings that have no flag
   */
  public record Plan(
      String name, int heapMegabytes, List<String> arguments, Map<String, String> environment) {
    public Plan {
      arguments = List.copyOf(arguments);
      environment = Map.copyOf(environment);
    }
  }

  /**
   * @param folder gets the log, and the child's temporary files
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
   * Starts any program, whose output is appended to the log.
   *
   * @param name unique among those that share a folder
   */
  public static ChildProcess start(String name, ProcessBuilder builder, Path folder)
      throws IOException {
    Path log = folder.resolve(name + ".log");
    builder.redirectErrorStream(true).redirectOutput(Redirect.appendTo(log.toFile()));
    return new ChildProcess(name, builder.start(), log);
  }

  /**
   * This Java with this program's classes and settings, as a child is started; its command still
   * lacks the main class.
   */
  public static ProcessBuilder java(int heapMegabytes) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // What this Java's version needs and how its heap grows, as the start script knows it.
    command.addAll(List.of(System.getProperty("chorale.java", "").split(" +")));
    command.removeIf(String::isEmpty);
    command.addAll(List.of("-Xmx" + heapMegabytes + "m", "-XX:+UseSerialGC"));
    for (String property : System.getProperties().stringPropertyNames()) {
      if (INHERITED.stream().anyMatch(property::startsWith)) {
        command.add("-D" + property + "=" + System.getProperty(property));
      }
    }
    ProcessBuilder builder = new ProcessBuilder(command);
    // Not as an argument: ONNX Runtime 1.29 matches its process's command line with a recursive
    // regular expression, and one of 4,000 characters overflows a 1 MiB stack (SIGSEGV, no report).
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

  /** Processor time that it has used so far, on all its threads; zero where the system hides it. */
  public Duration processorTime() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** How it ended, for a message. */
  public String ending() {
    return isAlive() ? "runs" : "ended with code " + process.exitValue();
  }

  void onExit(Runnable action) {
    var unused = process.onExit().thenRun(action);
  }

  /** A message that names this process and shows the last lines of its log. */
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
      return "(" + log + " cannot be read: " + e.getMessage() + ")";
    }
  }

  /** Asks it to end, as the end of this process would. */
  public void askToEnd() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // It has closed its side already.
    }
  }

  /** As if its board had lost its power: without a farewell. */
  public void kill() {
    process.destroyForcibly();
  }

  /**
   * Asks it to end in order, by SIGTERM. Not by {@link Process#destroy}, which closes the child's
   * standard input as well, so that it would be asked twice.
   */
  public void terminate() {
    process.toHandle().destroy();
  }

  /** Whether it has ended in order. */
  public boolean hasSucceeded() {
    return !isAlive() && process.exitValue() == 0;
  }

  /**
   * Halts it where it is, by SIGSTOP: nobody is told, and its connections stay open. It goes on
   * when what is returned closes, or this process ends.
   */
  public Halt halt() throws IOException {
    return Halt.of(this);
  }

  /** Leaves it a tenth of its time, as a board that is too hot or too busy; ends as a halt does. */
  public Halt slow() throws IOException {
    return Halt.slow(this);
  }

  /** Resident memory in KiB; empty once it has ended, and where the system does not show it. */
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

  /** Lines of its log that report a warning or an error. */
  public List<String> complaints() throws IOException {
    return new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
        .lines()
        .filter(line -> COMPLAINT.matcher(line).find())
        .toList();
  }

  /** Waits so long for it to end by itself, then ends it. */
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
