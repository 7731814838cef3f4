package chorale.cli.evaluate;

import chorale.aggregator.fusion.Thresholds;
import chorale.cli.CommandException;
import chorale.cli.CommonOptions;
import chorale.cli.ExitCodes;
import chorale.cli.LabelCheck;
import chorale.cli.ModelSetOption;
import chorale.cli.SampleOptions;
import chorale.cli.Terminal;
import chorale.config.AggregatorSettings;
import chorale.config.SettingsException;
import chorale.evaluation.Evaluation;
import chorale.evaluation.EvaluationException;
import chorale.evaluation.EvaluationJson;
import chorale.evaluation.EvaluationReport;
import chorale.evaluation.EvaluationText;
import chorale.evaluation.Evaluator;
import chorale.evaluation.Outputs;
import chorale.evaluation.report.MarkdownReport;
import chorale.evaluation.tiers.TierEvaluation;
import chorale.evaluation.tiers.TierText;
import chorale.publisher.ImageListing;
import chorale.publisher.SourceException;
import chorale.variants.ModelSet;
import chorale.variants.ModelSetException;
import chorale.worker.WorkerStartException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chorale evaluate}: evaluates a model set on labeled images, without a broker. */
@Command(
    name = "evaluate",
    description = {
      "Evaluate a model set on labeled images: the accuracy of each variant and of every"
          + " combination, what the loss of a variant costs, and the speed of each. Needs no"
          + " broker."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "'chorale plan' reads the file that --json writes."})
public final class EvaluateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ModelSetOption models;
  @Mixin private SampleOptions sample;
  @Mixin private ReportOptions output;
  @Mixin private TierOptions tiers;

  @Option(
      names = "--data",
      paramLabel = "PATH",
      required = true,
      description = "A folder or zip file with a folder of images for each class.")
  private Path data;

  @Option(
      names = "--unknown",
      paramLabel = "PATH",
      description = {
        "Images of none of the set's classes, with a folder for each kind: show how well the"
            + " confidence and other measures separate them from the images of --data."
      })
  private Optional<Path> unknown = Optional.empty();

  @Option(
      names = "--min-confidence",
      paramLabel = "C",
      description =
          "Count answers below this confidence as unsure. Default: the aggregator's setting.")
  private Optional<String> minConfidence = Optional.empty();

  @Option(
      names = "--min-margin",
      paramLabel = "M",
      description =
          "Count answers with a smaller margin as unsure. Default: the aggregator's setting.")
  private Optional<String> minMargin = Optional.empty();

  /**
   * Returns the thresholds of these flags; otherwise an aggregator's, from environment or default.
   */
  private Thresholds thresholds() throws SettingsException {
    AggregatorSettings settings =
        new CommonOptions()
            .load(
                new CommonOptions.Flags()
                    .set("aggregator.min-confidence", minConfidence)
                    .set("aggregator.min-margin", minMargin))
            .aggregator();
    return new Thresholds(settings.minConfidence(), settings.minMargin());
  }

  private Optional<Outputs> others(ModelSet set, Terminal terminal) throws Exception {
    if (unknown.isEmpty()) {
      return Optional.empty();
    }
    try (ImageListing listing = ImageListing.of(List.of(unknown.get()))) {
      List<String> families = LabelCheck.families("--unknown", unknown.get(), listing, set);
      LabeledImages images =
          new LabeledImages(
              listing.all(), (name, reason) -> EvaluateView.skipped(terminal, name, reason));
      return Optional.of(
          OfflineInference.run(
              set, new OfflineInference.Labeled(images, families, listing.size()), terminal));
    } catch (SourceException e) {
      throw CommandException.mistake("--unknown: " + e.getMessage());
    }
  }

  @Override
  public Integer call() throws Exception {
    System.setProperty("java.awt.headless", "true");
    sample.requireValid();
    output.requireWritable();
    Thresholds thresholds = thresholds();
    Terminal terminal = Terminal.of(spec.commandLine().getOut());
    try (ImageListing listing = ImageListing.of(List.of(data))) {
      ModelSet set = models.load();
      tiers.requireKnown(set);
      LabelCheck.require("--data", data, listing, set);
      LabeledImages images =
          new LabeledImages(
              sample.inOrder(listing),
              (name, reason) -> EvaluateView.skipped(terminal, name, reason));
      Outputs known = OfflineInference.run(set, images, sample.size(listing), terminal);
      Evaluation evaluation = Evaluator.evaluate(known, others(set, terminal), thresholds);
      EvaluationText.lines(evaluation, terminal::bold).forEach(terminal::line);
      List<TierEvaluation> judged = tiers.judge(set, known);
      TierText.lines(judged).forEach(terminal::line);
      listing.leftOut().ifPresent(terminal::line);
      output.write(
          () -> TierText.add(EvaluationJson.of(evaluation), judged).text(),
          () -> {
            MarkdownReport report =
                EvaluationReport.of(evaluation, String.valueOf(data.getFileName()));
            TierText.add(report, judged);
            return report;
          },
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
}
