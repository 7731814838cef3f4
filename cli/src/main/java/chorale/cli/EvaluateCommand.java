package chorale.cli;

import chorale.evaluation.Evaluation;
import chorale.evaluation.EvaluationException;
import chorale.evaluation.EvaluationJson;
import chorale.evaluation.Evaluator;
import chorale.evaluation.Metrics;
import chorale.evaluation.Report;
import chorale.publisher.ImageListing;
import chorale.publisher.SourceException;
import chorale.variants.ModelSet;
import chorale.variants.ModelSetException;
import chorale.worker.WorkerStartException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
  @Spec private CommandSpec spec;
  @Mixin private ModelSetOption models;
  @Mixin private SampleOptions sample;
  @Mixin private ReportOptions output;

  @Option(
      names = "--data",
      paramLabel = "PATH",
      required = true,
      description = "A folder or a zip with a folder of images for each class, named like it.")
  private Path data;

  @Override
  public Integer call() throws Exception {
    System.setProperty("java.awt.headless", "true");
    sample.requireValid();
    output.requireWritable();
    Terminal terminal = Terminal.of(spec.commandLine().getOut());
    try (ImageListing listing = ImageListing.of(List.of(data))) {
      ModelSet set = models.load();
      LabelCheck.require("--data", data, listing, set);
      LabelledImages images =
          new LabelledImages(
              sample.inOrder(listing),
              (name, reason) -> EvaluateView.skipped(terminal, name, reason));
      Evaluation evaluation =
          Evaluator.evaluate(OfflineInference.run(set, images, sample.size(listing), terminal));
      summary(evaluation, terminal);
      output.write(
          () -> EvaluationJson.write(evaluation),
          folder -> Report.write(evaluation, String.valueOf(data.getFileName()), folder),
          Report.FILE,
          terminal);
      return ExitCodes.OK;
    } catch (SourceException e) {
      throw CommandException.mistake("--data: " + e.getMessage());
    } catch (ModelSetException | EvaluationException e) {
      throw CommandException.mistake(e.getMessage());
    } catch (WorkerStartException e) {
      throw CommandException.failure(e.getMessage());
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

  private static String percent(double share) {
    return format("%.2f %%", 100 * share);
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
