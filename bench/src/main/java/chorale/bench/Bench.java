package chorale.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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

/** {@code ./chorale bench}: runs the parts that are asked for, and shows what they found. */
@Command(
    name = "chorale bench",
    description = {
      "Measures Chorale on this machine against its targets. The machine should do nothing else:"
          + " every ratio is of rounds that alternate in one run, and still a busy machine shows."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "The figures and what they mean: docs/performance.md."})
final class Bench implements Callable<Integer> {
  private static final int FAILURE = 1;
  private static final int MISTAKE = 2;

  /** In the order in which they run. */
  private static final List<Part> PARTS =
      List.of(
          new Micro(),
          new Boards(),
          new Pauses(),
          new Pipeline(),
          new BoardWorker(),
          new Hop(),
          new Peers(),
          new Frames());

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "PART",
      arity = "0..*",
      description = "What to measure; everything that this machine has the means for unless set.")
  private List<String> parts = new ArrayList<>();

  @Option(
      names = "--models",
      paramLabel = "DIR",
      description = "The model set's directory; the one that Chorale ships unless set.")
  private Optional<Path> models = Optional.empty();

  @Option(
      names = "--board-factor",
      paramLabel = "F",
      defaultValue = "20",
      description = "How much slower emulated boards are than this machine (${DEFAULT-VALUE}).")
  private int boardFactor;

  @Option(
      names = "--broker",
      paramLabel = "BROKER",
      defaultValue = "hivemq",
      description =
          "hivemq (the embedded one), mosquitto, or the URI of one that runs (${DEFAULT-VALUE}).")
  private String broker;

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description = "A folder or a zip with a folder of images for each class, for 'frames'.")
  private Optional<Path> data = Optional.empty();

  @Option(names = "--json", paramLabel = "FILE", description = "Write all figures as JSON.")
  private Optional<Path> json = Optional.empty();

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description = "Write bench.md with its plots (PNG and SVG) into this folder.")
  private Optional<Path> report = Optional.empty();

  @Option(
      names = "--quick",
      description = "A tiny run of everything, to see that it runs; its figures mean nothing.")
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
    if (error instanceof BenchException) {
      err.println("chorale: " + error.getMessage());
    } else {
      err.println("chorale: a bug in Chorale: please report what follows");
      error.printStackTrace(err);
    }
    return FAILURE;
  }

  @Override
  public Integer call() throws BenchException, InterruptedException {
    List<Part> chosen = chosen();
    requireOptions();
    long start = System.nanoTime();
    PrintWriter out = spec.commandLine().getOut();
    Path given = models.orElseGet(Bench::shippedModels);
    Optional<Path> completed = UntrainedReference.beside(given);
    Map<String, String> about = new LinkedHashMap<>(Machine.about());
    if (completed.isPresent()) {
      about.put("reference network", "untrained, its arithmetic alone; figures of it are times");
      out.println("reference network: " + about.get("reference network"));
    }
    Settings settings =
        new Settings(
            completed.orElse(given),
            quick,
            boardFactor,
            broker,
            data,
            line -> {
              out.printf(
                  Locale.ROOT, "  %4d s  %s%n", (System.nanoTime() - start) / 1_000_000_000, line);
              out.flush();
            });
    Map<Part, Findings> all = new LinkedHashMap<>();
    for (Part part : chosen) {
      Optional<String> lack = part.lacks(settings);
      if (lack.isPresent() && parts.contains(part.name())) {
        throw new BenchException(part.name() + ": " + lack.get());
      }
      out.println(part.name() + lack.map(why -> ": skipped: " + why).orElse(": " + part.about()));
      out.flush();
      if (lack.isEmpty()) {
        Findings found = part.run(settings);
        all.put(part, found);
        out.println(Table.of(found.figures()));
        found.notes().forEach(note -> out.println("  " + note));
        out.flush();
      }
    }
    write(about, all);
    return 0;
  }

  private List<Part> chosen() {
    List<Part> chosen = new ArrayList<>(PARTS);
    for (String name : parts) {
      if (PARTS.stream().noneMatch(part -> part.name().equals(name))) {
        throw mistake("no part '" + name + "'; allowed: " + String.join(", ", names()));
      }
    }
    chosen.removeIf(part -> !parts.isEmpty() && !parts.contains(part.name()));
    return chosen;
  }

  private static List<String> names() {
    return PARTS.stream().map(Part::name).toList();
  }

  private void requireOptions() {
    if (boardFactor < 1 || boardFactor > 1000) {
      throw mistake("--board-factor: '" + boardFactor + "'; allowed: 1 to 1000");
    }
    if (json.isPresent() && Files.isDirectory(json.get())) {
      throw mistake("--json: '" + json.get() + "' is a folder; allowed: a file");
    }
    if (report.isPresent() && Files.exists(report.get()) && !Files.isDirectory(report.get())) {
      throw mistake("--report: '" + report.get() + "' is no folder");
    }
  }

  private ParameterException mistake(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private static Path shippedModels() {
    return Path.of(System.getProperty("chorale.home", ""), "variants", "models", "cifar10");
  }

  private void write(Map<String, String> about, Map<Part, Findings> all) throws BenchException {
    try {
      if (json.isPresent()) {
        Files.writeString(json.get(), BenchJson.of(about, all));
      }
      if (report.isPresent()) {
        BenchReport.write(about, all, report.get());
      }
    } catch (IOException e) {
      throw new BenchException("what was found cannot be written: " + e.getMessage(), e);
    }
  }
}
