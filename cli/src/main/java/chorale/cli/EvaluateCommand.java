package chorale.cli;

import chorale.evaluation.ClassLabels;
import chorale.evaluation.Evaluation;
import chorale.evaluation.EvaluationException;
import chorale.evaluation.EvaluationJson;
import chorale.evaluation.EvaluationReport;
import chorale.evaluation.EvaluationText;
import chorale.evaluation.Evaluator;
import chorale.evaluation.Inference;
import chorale.evaluation.Outputs;
import chorale.publisher.ImageListing;
import chorale.publisher.SourceException;
import chorale.variants.ModelSet;
import chorale.variants.ModelSetException;
import chorale.worker.Classifier;
import chorale.worker.NativeRuntime;
import chorale.worker.WorkerStartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chorale evaluate}: judges a model set on labelled images, offline. */
@Command(
    name = "evaluate",
    description = {
      "Judges a model set on labelled images: each variant, every combination of them, what the loss"
          + " of one costs, and how fast each is. Needs no broker."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Metrics for 'chorale plan' are what --json writes."})
final class EvaluateCommand implements Callable<Integer> {
  /** One thread, as gains and speedups are compared; images as large as a worker takes. */
  private static final Classifier.Settings ONE_THREAD = new Classifier.Settings(1, 16_000_000);

  @Spec private CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "PATH",
      required = true,
      description = "A folder or a zip with a folder of images for each class, named like it.")
  private Path data;

  @Option(
      names = "--models",
      paramLabel = "DIR",
      description = "The model set's directory; the one that Chorale ships unless set.")
  private Optional<Path> models = Optional.empty();

  @Option(names = "--json", paramLabel = "FILE", description = "Write all figures as JSON.")
  private Optional<Path> json = Optional.empty();

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description = "Write report.md with its plots (PNG and SVG) into this folder.")
  private Optional<Path> report = Optional.empty();

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "Only N images, of every class equally many.")
  private Optional<Integer> count = Optional.empty();

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Decides the draw of --count (${DEFAULT-VALUE}).")
  private long seed;

  @Override
  public Integer call() throws Exception {
    System.setProperty("java.awt.headless", "true");
    requireOptions();
    Terminal terminal = Terminal.of(spec.commandLine().getOut());
    try (ImageListing listing = ImageListing.of(List.of(data))) {
      ModelSet set = ModelSet.load(models.orElseGet(Home::models));
      requireLabels(listing, set);
      NativeRuntime.prepare(NativeRuntime.defaultCache(System.getenv()));
      Evaluation evaluation = Evaluator.evaluate(ask(set, listing, terminal));
      EvaluationText.lines(evaluation, terminal::bold).forEach(terminal::line);
      write(evaluation, terminal);
      return ExitCodes.OK;
    } catch (SourceException e) {
      throw CommandException.mistake("--data: " + e.getMessage());
    } catch (ModelSetException | EvaluationException e) {
      throw CommandException.mistake(e.getMessage());
    } catch (WorkerStartException e) {
      throw CommandException.failure(e.getMessage());
    }
  }

  /** Finds mistakes that would otherwise show after the run. */
  private void requireOptions() throws CommandException {
    if (count.isPresent() && count.get() < 1) {
      throw CommandException.mistake("--count: '" + count.get() + "'; allowed: 1 or more");
    }
    if (json.isPresent()) {
      OutputFiles.requireWritable("--json", json.get());
    }
    if (report.isPresent() && Files.exists(report.get()) && !Files.isDirectory(report.get())) {
      throw CommandException.mistake("--report: '" + report.get() + "' is no folder");
    }
  }

  private void requireLabels(ImageListing listing, ModelSet set) throws CommandException {
    try {
      ClassLabels.require(listing.labels(), set);
    } catch (EvaluationException e) {
      throw CommandException.mistake("--data: " + data + ": " + e.getMessage());
    }
  }

  private Outputs ask(ModelSet set, ImageListing listing, Terminal terminal)
      throws EvaluationException, ModelSetException, WorkerStartException {
    int images = Math.min(count.orElse(listing.size()), listing.size());
    try (Inference inference = new Inference(set, ONE_THREAD, System::nanoTime);
        EvaluateView view = new EvaluateView(terminal, (long) images * inference.networks())) {
      LabelledImages source =
          new LabelledImages(
              count.isPresent() ? listing.sample(images, seed) : listing.all(), view::skipped);
      return inference.run(source, view);
    }
  }

  private void write(Evaluation evaluation, Terminal terminal) throws CommandException {
    if (json.isPresent()) {
      OutputFiles.write("--json", json.get(), EvaluationJson.write(evaluation));
    }
    if (report.isPresent()) {
      String source = String.valueOf(data.getFileName());
      try {
        EvaluationReport.of(evaluation, source).write(report.get(), EvaluationReport.FILE);
      } catch (IOException e) {
        throw CommandException.failure("--report: " + report.get() + ": " + e.getMessage());
      }
      terminal.line("report: " + report.get().resolve(EvaluationReport.FILE));
    }
  }
}
