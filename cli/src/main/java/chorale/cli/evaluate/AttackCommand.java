package chorale.cli.evaluate;

import chorale.cli.CommandException;
import chorale.cli.ExitCodes;
import chorale.cli.LabelCheck;
import chorale.cli.ModelSetOption;
import chorale.cli.SampleOptions;
import chorale.cli.Terminal;
import chorale.evaluation.EvaluationException;
import chorale.evaluation.Outputs;
import chorale.evaluation.attack.AttackJson;
import chorale.evaluation.attack.AttackReport;
import chorale.evaluation.attack.AttackRun;
import chorale.evaluation.attack.AttackText;
import chorale.evaluation.attack.Attacks;
import chorale.publisher.ImageListing;
import chorale.publisher.SourceException;
import chorale.variants.ModelSet;
import chorale.variants.ModelSetException;
import chorale.worker.WorkerStartException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chorale attack}: simulates lying boards against each fusion rule, without a broker. */
@Command(
    name = "attack",
    description = {
      "Simulate up to 3 lying boards on labeled images, for every combination of boards and many"
          + " kinds of lies. Show the accuracy of each fusion rule, the share of answers that the"
          + " lies cannot change, and which liars the aggregator's checks find. Needs no broker."
    },
    mixinStandardHelpOptions = true)
public final class AttackCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ModelSetOption models;
  @Mixin private SampleOptions sample;
  @Mixin private ReportOptions output;

  @Option(
      names = "--data",
      paramLabel = "PATH",
      required = true,
      description = "A folder or zip file with a folder of images for each class.")
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
      LabeledImages images =
          new LabeledImages(
              sample.inOrder(listing),
              (name, reason) -> EvaluateView.skipped(terminal, name, reason));
      Outputs outputs = OfflineInference.run(set, images, sample.size(listing), terminal);
      Attacks attacks =
          AttackRun.of(outputs, sample.seed(), step -> terminal.line("replayed: " + step));
      AttackText.lines(attacks, terminal::bold).forEach(terminal::line);
      listing.leftOut().ifPresent(terminal::line);
      output.write(
          () -> AttackJson.write(attacks),
          () -> AttackReport.of(attacks, String.valueOf(data.getFileName())),
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
