package chorale.bench;

import chorale.evaluation.measurement.MeasurementException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./chorale bench}: runs the chosen parts and prints their figures. */
@Command(
    name = "chorale bench",
    description = {
      "Measure Chorale on this machine against its targets. Run nothing else on the machine:"
          + " although ratios come from alternating rounds, other load changes them."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "docs/performance.md explains the figures."})
final class Bench implements Callable<Integer> {
  private static final int FAILURE = 1;
  private static final int MISTAKE = 2;

  /** In the order in which they run. */
  private static final List<BenchPart> PARTS =
      List.of(
          new MicroPart(),
          new BoardsPart(),
          new ReplicasPart(),
          new PipelinePart(),
          new WorkerPart(),
          new HopPart(),
          new PeersPart(),
          new HostilePart(),
          new OverloadPart(),
          new FramesPart(),
          new PagePart(),
          new GroupPart(),
          new SigningPart(),
          new TlsPart());

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "PART",
      arity = "0..*",
      description = "The parts to run. Default: all that this machine can run.")
  private List<String> parts = new ArrayList<>();

  @Option(
      names = "--models",
      paramLabel = "DIR",
      description = "The model set's directory. Default: the one that comes with Chorale.")
  private Optional<Path> models = Optional.empty();

  @Option(
      names = "--board-factor",
      paramLabel = "F",
      defaultValue = "20",
      description =
          "How many times slower emulated boards are than this machine, 1 to 1000. Default:"
              + " ${DEFAULT-VALUE}.")
  private int boardFactor;

  @Option(
      names = "--broker",
      paramLabel = "BROKER",
      defaultValue = "hivemq",
      description =
          "hivemq (embedded), mosquitto, or the URI of a running broker. Default:"
              + " ${DEFAULT-VALUE}.")
  private String broker;

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description = {
        "For 'frames': a folder or zip file with a folder of images for each class.",
        "For 'hostile': a folder of frames."
      })
  private Optional<Path> data = Optional.empty();

  @Option(names = "--json", paramLabel = "FILE", description = "Write all figures as JSON.")
  private Optional<Path> json = Optional.empty();

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description = "Write bench.md and its plots (PNG and SVG) into this folder.")
  private Optional<Path> report = Optional.empty();

  @Option(
      names = "--quick",
      description = "Run everything briefly, as a test; the figures are meaningless.")
  private boolean quick;

  public static void main(String[] args) {
    System.setProperty("java.awt.headless", "true");
    CommandLine command = new CommandLine(new Bench());
    command.setExecutionExceptionHandler((error, line, parsed) -> tell(error, line.getErr()));
    command.setParameterExceptionHandler(
        (error, arguments) -> {
          error.getCommandLine().getErr().println("chorale: " + error.getMessage());
          return MISTAKE;
        });
    System.exit(command.execute(args));
  }

  private static int tell(Exception error, PrintWriter err) {
    if (error instanceof RuntimeException) {
      err.println("chorale: a bug in Chorale; please report the following lines");
      error.printStackTrace(err);
    } else {
      err.println("chorale: " + error.getMessage());
    }
    return FAILURE;
  }

  @Override
  public Integer call() throws Exception {
    List<BenchPart> chosen = chosen();
    requireOptions();
    Map<String, String> about = Machine.about();
    BenchSettings settings = settings();
    Map<BenchPart, Findings> all = new LinkedHashMap<>();
    for (BenchPart part : chosen) {
      Optional<String> lack = part.lacks(settings);
      if (lack.isPresent() && parts.contains(part.name())) {
        throw new MeasurementException(part.name() + ": " + lack.get());
      }
      print(part.name() + lack.map(why -> ": skipped: " + why).orElse(": " + part.about()));
      if (lack.isEmpty()) {
        Findings found = quick ? part.run(settings).withoutTargets() : part.run(settings);
        all.put(part, found);
        BenchOutput.table(found.figures()).lines("  ").forEach(this::print);
        print("");
        found.notes().forEach(note -> print("  " + note));
      }
    }
    if (json.isPresent()) {
      Files.writeString(json.get(), BenchOutput.json(about, all));
    }
    if (report.isPresent()) {
      BenchOutput.report(about, all).write(report.get(), "bench.md");
    }
    return 0;
  }

  private BenchSettings settings() {
    long start = System.nanoTime();
    return new BenchSettings(
        models.orElseGet(() -> BenchSettings.home("variants", "models", "cifar10")),
        quick,
        boardFactor,
        broker,
        data,
        line -> {
          long seconds = (System.nanoTime() - start) / 1_000_000_000;
          print("  %4d s  %s".formatted(seconds, line));
        });
  }

  private void print(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }

  private List<BenchPart> chosen() {
    List<BenchPart> chosen = new ArrayList<>(PARTS);
    List<String> names = PARTS.stream().map(BenchPart::name).toList();
    for (String name : parts) {
      if (!names.contains(name)) {
        throw mistake("no part '" + name + "'; allowed: " + String.join(", ", names));
      }
    }
    chosen.removeIf(part -> !parts.isEmpty() && !parts.contains(part.name()));
    return chosen;
  }

  private void requireOptions() {
    if (boardFactor < 1 || boardFactor > 1000) {
      throw mistake("--board-factor: '" + boardFactor + "'; allowed: 1 to 1000");
    }
    if (json.isPresent() && Files.isDirectory(json.get())) {
      throw mistake("--json: '" + json.get() + "' is a folder; allowed: a file");
    }
    if (report.isPresent() && Files.exists(report.get()) && !Files.isDirectory(report.get())) {
      throw mistake(
          "--report: '" + report.get() + "' is not a folder; allowed: a new or existing folder");
    }
  }

  private ParameterException mistake(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
