package chorale.cli.evaluate;

import chorale.cli.CommandException;
import chorale.cli.ExitCodes;
import chorale.cli.Home;
import chorale.cli.LabelCheck;
import chorale.cli.ModelSetOption;
import chorale.cli.SampleOptions;
import chorale.cli.Terminal;
import chorale.cli.TierPlans;
import chorale.evaluation.EvaluationException;
import chorale.evaluation.LabeledImage;
import chorale.evaluation.Outputs;
import chorale.evaluation.comparison.Comparison;
import chorale.evaluation.comparison.ComparisonJson;
import chorale.evaluation.comparison.ComparisonReport;
import chorale.evaluation.comparison.ComparisonRun;
import chorale.evaluation.comparison.ComparisonSettings;
import chorale.evaluation.comparison.ComparisonText;
import chorale.evaluation.comparison.Contender;
import chorale.evaluation.comparison.OfflineAnswers;
import chorale.evaluation.measurement.EmulatedLinks;
import chorale.evaluation.measurement.MeasurementException;
import chorale.mqtt.PahoBus;
import chorale.protocol.Escalation;
import chorale.protocol.Labels;
import chorale.protocol.Strategy;
import chorale.protocol.bus.ConnectionSettings;
import chorale.protocol.strategy.TensorType;
import chorale.publisher.ImageListing;
import chorale.publisher.SourceException;
import chorale.variants.ModelSet;
import chorale.variants.ModelSetException;
import chorale.worker.WorkerStartException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chorale compare}: measures all strategies on the same boards and images. */
@Command(
    name = "compare",
    description = {
      "Run every strategy on this machine, in turns, on the same images and broker: the variants;"
          + " one board with the reference network; the reference on every board (data"
          + " parallelism); the reference split over the boards (model parallelism); a network for"
          + " one group of classes on each board (class parallelism); and the set's tiers. Show"
          + " response time, throughput, work and bytes of each, and kill boards to measure what a"
          + " lost board costs."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "The model set must hold its reference network, split into stages"
          + " (variants/training/stages.py). Class parallelism needs a second set for the same"
          + " classes. Tiers need a plan in set.json whose last tier is the reference. Strategies"
          + " that lack these are left out.",
      "Exit code 0: after each board was killed, every request had the predicted outcome."
    })
public final class CompareCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ModelSetOption models;
  @Mixin private SampleOptions sample;
  @Mixin private ReportOptions output;

  @Option(
      names = "--images",
      paramLabel = "PATH",
      description =
          "A folder or zip file with a folder of images for each class. Default: the images that"
              + " come with Chorale.")
  private Optional<Path> images = Optional.empty();

  @Option(
      names = "--class-models",
      paramLabel = "DIR",
      description =
          "The model set of class parallelism. Default: the one that comes with Chorale, if it is"
              + " for the same classes.")
  private Optional<Path> classModels = Optional.empty();

  @Option(
      names = "--tiers",
      paramLabel = "PLAN",
      description =
          "The variants of each tier, such as V2/V1,V3/reference. Default: the set's plan with the"
              + " fewest MACs whose last tier is the reference.")
  private Optional<String> tiers = Optional.empty();

  @Option(
      names = "--board-factor",
      paramLabel = "F",
      description =
          "Make each worker emulate a board F times slower than this machine, 1 to 1000."
              + " Default: 1.")
  private Optional<String> boardFactor = Optional.empty();

  @Option(
      names = "--link",
      paramLabel = "L",
      defaultValue = "none",
      description = {
        "Emulate the network between boards and broker: WIFI (20 Mbit/s shared by all boards, 2 ms"
            + " each way), LAN (100 Mbit/s for each board, 0.3 ms) or none. Default:"
            + " ${DEFAULT-VALUE}."
      })
  private String link;

  @Option(
      names = "--tensor-type",
      paramLabel = "T",
      defaultValue = "float32",
      description =
          "The type of model parallelism's tensors on the wire, float32 or float16. Default:"
              + " ${DEFAULT-VALUE}.")
  private String tensorType;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "8",
      description =
          "Rounds of the response time measurement; each strategy runs in each round. Default:"
              + " ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--turns",
      paramLabel = "N",
      defaultValue = "12",
      description = "Images for each strategy in a round. Default: ${DEFAULT-VALUE}.")
  private int turns;

  @Override
  public Integer call() throws Exception {
    System.setProperty("java.awt.headless", "true");
    Optional<EmulatedLinks.Kind> kind = link();
    requireOptions();
    Terminal terminal = Terminal.of(spec.commandLine().getOut());
    Path path = images.orElseGet(Home::pictures);
    try (ImageListing listing = ImageListing.of(List.of(path))) {
      ModelSet set = models.load();
      Optional<ModelSet> classSet = classSet(set);
      requireAllStrategies(set);
      Optional<Escalation> plan = plan(set);
      LabelCheck.require("--images", path, listing, set);
      Map<Contender, OfflineAnswers> answers =
          answers(set, classSet, plan, read(listing), terminal);
      ComparisonSettings settings =
          new ComparisonSettings(
              set,
              classSet,
              described(),
              kind,
              tensorType,
              Double.parseDouble(factor()),
              rounds,
              turns);
      Comparison comparison =
          ComparisonRun.run(
              settings,
              answers,
              broker -> PahoBus.factory(ConnectionSettings.of(broker)),
              terminal::line);
      ComparisonText.lines(comparison).forEach(terminal::line);
      output.write(
          () -> ComparisonJson.write(comparison), () -> ComparisonReport.of(comparison), terminal);
      return comparison.isAsTheory() ? ExitCodes.OK : ExitCodes.FAILURE;
    } catch (SourceException e) {
      throw CommandException.mistake("--images: " + e.getMessage());
    } catch (ModelSetException | EvaluationException e) {
      throw CommandException.mistake(e.getMessage());
    } catch (WorkerStartException | MeasurementException e) {
      throw CommandException.failure(e.getMessage());
    }
  }

  /** Checks that the set has the networks of all strategies but class, which has its own set. */
  private static void requireAllStrategies(ModelSet set) throws CommandException {
    if (set.variants().size() < 2) {
      throw CommandException.mistake(
          "--models: " + set.name() + " has one variant; allowed: 2 or more");
    }
    for (Strategy each : Strategy.values()) {
      if (each != Strategy.CLASS) {
        var unused = ModelSetOption.boards(each, set);
      }
    }
  }

  /** Returns the plan of {@code --tiers}. */
  private Optional<Escalation> plan(ModelSet set) throws CommandException {
    return tiers.isPresent()
        ? TierPlans.escalation(set, TierPlans.require("--tiers", tiers.get(), set, true))
        : Optional.empty();
  }

  private Optional<ModelSet> classSet(ModelSet set) throws CommandException, ModelSetException {
    Path path = classModels.orElseGet(() -> Home.models(Strategy.CLASS));
    if (classModels.isEmpty() && !Files.isDirectory(path)) {
      return Optional.empty();
    }
    ModelSet classSet = ModelSet.load(path);
    if (classSet.isByClass() && classSet.classDigest().equals(set.classDigest())) {
      return Optional.of(classSet);
    }
    if (classModels.isPresent()) {
      throw CommandException.mistake(
          "--class-models: %s is not a set for strategy class with the classes of %s; choose another"
              .formatted(path, set.name()));
    }
    return Optional.empty();
  }

  private String described() {
    return images
        .map(each -> String.valueOf(each.getFileName()))
        .orElse("the images that come with Chorale");
  }

  private Optional<EmulatedLinks.Kind> link() throws CommandException {
    return switch (link) {
      case "WIFI" -> Optional.of(EmulatedLinks.Kind.WIFI);
      case "LAN" -> Optional.of(EmulatedLinks.Kind.LAN);
      case "none" -> Optional.empty();
      default -> throw CommandException.refused("--link", link, "WIFI, LAN, none");
    };
  }

  private void requireOptions() throws CommandException {
    if (Labels.find(TensorType.class, tensorType).isEmpty()) {
      throw CommandException.refused("--tensor-type", tensorType, Labels.all(TensorType.class));
    }
    if (!factor().matches("\\d{1,4}(\\.\\d{1,3})?")
        || Double.parseDouble(factor()) < 1
        || Double.parseDouble(factor()) > 1_000) {
      throw CommandException.refused("--board-factor", factor(), "1 to 1000");
    }
    if (rounds < 1) {
      throw CommandException.refused("--rounds", rounds, "1 or more");
    }
    if (turns < 1) {
      throw CommandException.refused("--turns", turns, "1 or more");
    }
    sample.requireValid();
    output.requireWritable();
  }

  private String factor() {
    return boardFactor.orElse("1");
  }

  private List<LabeledImage> read(ImageListing listing) throws CommandException {
    List<String> skipped = new ArrayList<>();
    List<LabeledImage> all = new ArrayList<>();
    new LabeledImages(sample.drawn(listing), (name, reason) -> skipped.add(name + ": " + reason))
        .forEachRemaining(all::add);
    if (!skipped.isEmpty()) {
      throw CommandException.mistake("--images: " + skipped.get(0));
    }
    return all;
  }

  /** Runs every network once on every image, without a site. */
  private static Map<Contender, OfflineAnswers> answers(
      ModelSet set,
      Optional<ModelSet> classSet,
      Optional<Escalation> plan,
      List<LabeledImage> all,
      Terminal terminal)
      throws CommandException, EvaluationException, ModelSetException, WorkerStartException {
    Map<Contender, OfflineAnswers> answers = new LinkedHashMap<>();
    OfflineAnswers own = answers(set, all, terminal);
    for (Strategy each : Strategy.values()) {
      if (each != Strategy.CLASS) {
        answers.put(Contender.of(each), own);
      } else if (classSet.isPresent()) {
        answers.put(Contender.of(each), answers(classSet.get(), all, terminal));
      }
    }
    Optional<Contender> tiers =
        plan.isPresent() ? plan.map(Contender::of) : Contender.tiers(set, own);
    tiers.ifPresent(each -> answers.put(each, own));
    return answers;
  }

  private static OfflineAnswers answers(ModelSet set, List<LabeledImage> all, Terminal terminal)
      throws CommandException, EvaluationException, ModelSetException, WorkerStartException {
    Outputs outputs = OfflineInference.run(set, all.iterator(), all.size(), terminal);
    if (outputs.skipped() > 0) {
      throw CommandException.mistake(
          "--images: " + outputs.skipped() + " images cannot be read; remove them");
    }
    return new OfflineAnswers(all, outputs);
  }
}
