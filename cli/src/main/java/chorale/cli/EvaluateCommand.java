package chorale.cli;

import chorale.evaluation.Evaluation;
import chorale.evaluation.EvaluationException;
import chorale.evaluation.EvaluationJson;
import chorale.evaluation.Evaluator;
import chorale.evaluation.Inference;
import chorale.evaluation.Metrics;
import chorale.evaluation.Outputs;
import chorale.evaluation.Report;
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
import java.util.Locale;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
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
      summary(evaluation, terminal);
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
    NavigableSet<String> unknown = new TreeSet<>(listing.labels());
    if (unknown.isEmpty()) {
      throw CommandException.mistake(
          "--data: "
              + data
              + ": no labels (needed: a folder of images for each class, at least two; classes: "
              + some(set.classes())
              + ")");
    }
    int labels = unknown.size();
    set.classes().forEach(unknown::remove);
    if (!unknown.isEmpty()) {
      throw CommandException.mistake(
          "--data: "
              + data
              + ": no class of the set "
              + set.name()
              + ": "
              + some(List.copyOf(unknown))
              + (unknown.size() == labels ? "; is it another set's data? --models chooses" : "")
              + " (allowed: "
              + some(set.classes())
              + ")");
    }
  }

  private static String some(List<String> names) {
    int shown = 20;
    return String.join(", ", names.subList(0, Math.min(shown, names.size())))
        + (names.size() > shown ? " and " + (names.size() - shown) + " more" : "");
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

  private void summary(Evaluation evaluation, Terminal terminal) {
    terminal.line(
        format(
            "%s: %d images, %d classes%s",
            evaluation.subject().set(),
            evaluation.images(),
            evaluation.subject().classes().size(),
            evaluation.skipped() > 0 ? ", " + evaluation.skipped() + " left out" : ""));
    String row = "  %-12s  %8s  %12s  %12s  %10s";
    terminal.line(format(row, "network", "accuracy", "MACs", "inference", "without it"));
    for (int i = 0; i < evaluation.variants().size(); i++) {
      String without =
          evaluation.withoutOne().isEmpty()
              ? "-"
              : percent(evaluation.withoutOne().get(i).accuracy());
      terminal.line(row(row, evaluation.variants().get(i), without));
    }
    evaluation.reference().ifPresent(each -> terminal.line(row(row, each, "-")));
    terminal.line(
        terminal.bold(
            format(
                "all together: %s; calibration error %s",
                percent(evaluation.all().accuracy()), percent(evaluation.fused().confidence()))));
    if (evaluation.reference().isEmpty()) {
      terminal.line("the set has no reference network: no speedups");
    }
  }

  private static String row(String row, Metrics figures, String without) {
    return format(
        row,
        figures.network().id(),
        percent(figures.accuracy()),
        format("%.1f M", figures.network().cost().macs() / 1e6),
        format("%.2f ms", figures.timing().inferenceMillis()),
        without);
  }

  private void write(Evaluation evaluation, Terminal terminal) throws CommandException {
    if (json.isPresent()) {
      OutputFiles.write("--json", json.get(), EvaluationJson.write(evaluation));
    }
    if (report.isPresent()) {
      try {
        Report.write(evaluation, String.valueOf(data.getFileName()), report.get());
      } catch (IOException e) {
        throw CommandException.failure("--report: " + report.get() + ": " + e.getMessage());
      }
      terminal.line("report: " + report.get().resolve(Report.FILE));
    }
  }

  private static String percent(double share) {
    return format("%.2f %%", 100 * share);
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
