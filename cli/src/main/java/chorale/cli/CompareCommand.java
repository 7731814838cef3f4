package chorale.cli;

import chorale.cli.Comparison.Conditions;
import chorale.cli.Comparison.Measured;
import chorale.evaluation.Evaluation;
import chorale.evaluation.EvaluationException;
import chorale.evaluation.Evaluator;
import chorale.evaluation.Inference;
import chorale.evaluation.LabelledImage;
import chorale.evaluation.Outputs;
import chorale.evaluation.Plots;
import chorale.evaluation.measurement.EmulatedLinks;
import chorale.evaluation.measurement.MeasurementException;
import chorale.evaluation.measurement.Rounds;
import chorale.protocol.Strategy;
import chorale.publisher.ImageListing;
import chorale.publisher.SourceException;
import chorale.site.Board;
import chorale.site.SiteException;
import chorale.variants.ModelSet;
import chorale.variants.ModelSetException;
import chorale.worker.Classifier;
import chorale.worker.NativeRuntime;
import chorale.worker.WorkerStartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chorale compare}: variant parallelism and its rivals, on the same boards and images. */
@Command(
    name = "compare",
    description = {
      "Runs every strategy on this machine, in turns on the same images and broker: the variants,"
          + " one board with the reference network, the reference on every board (data parallelism)"
          + " and the reference cut over the boards (model parallelism). Tells response time,"
          + " throughput, work and bytes of each, and what dead boards cost; kills some to see."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "The model set must hold its reference network, cut into stages"
          + " (variants/training/stages.py)."
    })
final class CompareCommand implements Callable<Integer> {
  private static final Classifier.Settings ONE_THREAD = new Classifier.Settings(1, 16_000_000);

  @Spec private CommandSpec spec;
  @Mixin private ComparedImages images;

  @Option(
      names = "--models",
      paramLabel = "DIR",
      description = "The model set's directory; the one that Chorale ships unless set.")
  private Optional<Path> models = Optional.empty();

  @Option(
      names = "--board-factor",
      paramLabel = "F",
      description = "Let each worker emulate a board F times slower than this machine (1 to 1000).")
  private Optional<String> boardFactor = Optional.empty();

  @Option(
      names = "--link",
      paramLabel = "L",
      defaultValue = "none",
      description = {
        "Emulate the network between boards and broker: WIFI (20 Mbit/s for all boards together, 2"
            + " ms each way), LAN (100 Mbit/s for each, 0.3 ms), none (${DEFAULT-VALUE})."
      })
  private String link;

  @Option(
      names = "--tensor-type",
      paramLabel = "T",
      defaultValue = "float32",
      description =
          "How model parallelism's tensors travel: float32 or float16 (${DEFAULT-VALUE}).")
  private String tensorType;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "8",
      description = "Rounds of response times, in each of which every strategy has its turn.")
  private int rounds;

  @Option(
      names = "--turns",
      paramLabel = "N",
      defaultValue = "12",
      description = "Images of each strategy in a round.")
  private int turns;

  @Option(names = "--json", paramLabel = "FILE", description = "Write all figures as JSON.")
  private Optional<Path> json = Optional.empty();

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description = "Write report.md with its plots (PNG and SVG) into this folder.")
  private Optional<Path> report = Optional.empty();

  @Override
  public Integer call() throws Exception {
    System.setProperty("java.awt.headless", "true");
    Optional<EmulatedLinks.Kind> kind = link();
    requireOptions();
    Terminal terminal = Terminal.of(spec.commandLine().getOut());
    try (ImageListing listing = images.listing()) {
      ModelSet set = ModelSet.load(models.orElseGet(Home::models));
      if (set.variants().size() < 2) {
        throw CommandException.mistake(
            "--models: " + set.name() + " has one variant; allowed: 2 or more");
      }
      for (Strategy each : Strategy.values()) {
        requireBoards(each, set);
      }
      NativeRuntime.prepare(NativeRuntime.defaultCache(System.getenv()));
      ComparisonRun.Known known = known(set, listing, terminal);
      Comparison comparison = compare(set, known, kind, terminal);
      new ComparisonText(comparison).lines().forEach(terminal::line);
      write(comparison, terminal);
      return asExpected(comparison) ? ExitCodes.OK : ExitCodes.FAILURE;
    } catch (SourceException e) {
      throw CommandException.mistake("--images: " + e.getMessage());
    } catch (ModelSetException | EvaluationException e) {
      throw CommandException.mistake(e.getMessage());
    } catch (WorkerStartException | MeasurementException e) {
      throw CommandException.failure(e.getMessage());
    }
  }

  /** Reports what the set lacks before anything is started. */
  private static void requireBoards(Strategy strategy, ModelSet set) throws CommandException {
    try {
      var unused = Board.of(strategy, set);
    } catch (SiteException e) {
      throw CommandException.mistake("--" + e.getMessage());
    }
  }

  private Optional<EmulatedLinks.Kind> link() throws CommandException {
    return switch (link) {
      case "WIFI" -> Optional.of(EmulatedLinks.Kind.WIFI);
      case "LAN" -> Optional.of(EmulatedLinks.Kind.LAN);
      case "none" -> Optional.empty();
      default -> throw CommandException.mistake("--link: '" + link + "'; allowed: WIFI, LAN, none");
    };
  }

  private void requireOptions() throws CommandException {
    if (!List.of("float32", "float16").contains(tensorType)) {
      throw CommandException.mistake(
          "--tensor-type: '" + tensorType + "'; allowed: float32, float16");
    }
    if (!factor().matches("\\d{1,4}(\\.\\d{1,3})?")
        || Double.parseDouble(factor()) < 1
        || Double.parseDouble(factor()) > 1_000) {
      throw CommandException.mistake("--board-factor: '" + factor() + "'; allowed: 1 to 1000");
    }
    if (rounds < 1 || turns < 1) {
      throw CommandException.mistake("--rounds, --turns: allowed: 1 or more");
    }
    if (json.isPresent()) {
      OutputFiles.requireWritable("--json", json.get());
    }
    if (report.isPresent() && Files.exists(report.get()) && !Files.isDirectory(report.get())) {
      throw CommandException.mistake("--report: '" + report.get() + "' is no folder");
    }
  }

  private String factor() {
    return boardFactor.orElse("1");
  }

  /** What all networks say of the images, each asked once, without any site. */
  private ComparisonRun.Known known(ModelSet set, ImageListing listing, Terminal terminal)
      throws CommandException, EvaluationException, ModelSetException, WorkerStartException {
    List<LabelledImage> all = images.read(listing, set);
    try (Inference inference = new Inference(set, ONE_THREAD, System::nanoTime);
        EvaluateView view = new EvaluateView(terminal, (long) all.size() * inference.networks())) {
      Outputs outputs = inference.run(all.iterator(), view);
      if (outputs.skipped() > 0) {
        throw CommandException.mistake(
            "--images: " + outputs.skipped() + " of them cannot be read; allowed: none");
      }
      Evaluation evaluation = Evaluator.evaluate(outputs);
      return new ComparisonRun.Known(all, outputs, evaluation);
    }
  }

  private Comparison compare(
      ModelSet set, ComparisonRun.Known known, Optional<EmulatedLinks.Kind> kind, Terminal terminal)
      throws Exception {
    List<String> workers = new ArrayList<>(List.of("--tensor-type", tensorType));
    workers.addAll(List.of("--board-factor", factor()));
    ComparisonRun.Plan plan =
        new ComparisonRun.Plan(
            set,
            List.of(Strategy.values()),
            kind,
            workers,
            new Rounds.Extent(ComparisonRun.WARM_UP_ROUNDS, rounds, turns));
    try (ComparisonRun run = new ComparisonRun(plan, known, terminal::line)) {
      List<Measured> measured = run.measure();
      return new Comparison(
          new Conditions(
              set.name(),
              images.described(),
              known.images().size(),
              Double.parseDouble(factor()),
              kind.map(each -> each.name() + ": " + each.described()).orElse("none"),
              tensorType,
              rounds * turns,
              set.referenceManifest().orElseThrow().validationAccuracy()),
          measured);
    }
  }

  private static boolean asExpected(Comparison comparison) {
    return comparison.measured().stream()
        .flatMap(each -> each.deaths().stream())
        .allMatch(Comparison.Death::asTheory);
  }

  private void write(Comparison comparison, Terminal terminal) throws CommandException {
    if (json.isPresent()) {
      OutputFiles.write("--json", json.get(), ComparisonJson.write(comparison));
    }
    if (report.isPresent()) {
      try {
        Files.createDirectories(report.get());
        for (Map.Entry<String, Plots.Drawing> each : ComparisonCharts.all(comparison).entrySet()) {
          Plots.write(each.getValue(), report.get(), each.getKey());
        }
        Path text = report.get().resolve("report.md");
        Files.writeString(text, new ComparisonText(comparison).report());
        terminal.line("report: " + text);
      } catch (IOException e) {
        throw CommandException.failure("--report: " + report.get() + ": " + e.getMessage());
      }
    }
  }
}
