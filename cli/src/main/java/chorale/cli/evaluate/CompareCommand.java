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
import chorale.evaluation.LabelledImage;
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

/** {@code chorale compare}: variant parallelism and its rivals, on the same boards and images. */
@Command(
    name = "compare",
    description = {
      "Runs every strategy on this machine, in turns on the same images and broker: the variants,"
          + " one board with the reference network, the reference on every board (data"
          + " parallelism), the reference cut over the boards (model parallelism) and a network for"
          + " a group of classes on each (class parallelism), and the set's plan of tiers. Tells response time, throughput, work"
          + " and bytes of each, and what dead boards cost; kills some to see."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "The model set must hold its reference network, cut into stages"
          + " (variants/training/stages.py). Class parallelism needs a set of its own for the same"
          + " classes, and tiers need a plan in set.json whose last tier is the reference; without"
          + " these they are left out."
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
          "A folder or a zip with a folder of images for each class; the pictures that Chorale"
              + " ships unless set.")
  private Optional<Path> images = Optional.empty();

  @Option(
      names = "--class-models",
      paramLabel = "DIR",
      description =
          "The model set of class parallelism; the one that Chorale ships unless set, if it is for"
              + " the same classes.")
  private Optional<Path> classModels = Optional.empty();

  @Option(
      names = "--tiers",
      paramLabel = "PLAN",
      description =
          "The plan of tiers, like V2/V1,V3/reference; that of the set with the fewest MACs whose"
              + " last tier is the reference unless set.")
  private Optional<String> tiers = Optional.empty();

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

  /** Reports what the set lacks before anything is started. */
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

  /** The plan of {@code --tiers}. */
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
          "--class-models: %s is no set for groups of the classes of %s"
              .formatted(path, set.name()));
    }
    return Optional.empty();
  }

  private String described() {
    return images
        .map(each -> String.valueOf(each.getFileName()))
        .orElse("the pictures that Chorale ships");
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
    if (rounds < 1 || turns < 1) {
      throw CommandException.mistake("--rounds, --turns: allowed: 1 or more");
    }
    sample.requireValid();
    output.requireWritable();
  }

  private String factor() {
    return boardFactor.orElse("1");
  }

  private List<LabelledImage> read(ImageListing listing) throws CommandException {
    List<String> skipped = new ArrayList<>();
    List<LabelledImage> all = new ArrayList<>();
    new LabelledImages(sample.drawn(listing), (name, reason) -> skipped.add(name + ": " + reason))
        .forEachRemaining(all::add);
    if (!skipped.isEmpty()) {
      throw CommandException.mistake("--images: " + skipped.get(0));
    }
    return all;
  }

  /** Every network asked once about every image, without any site. */
  private static Map<Contender, OfflineAnswers> answers(
      ModelSet set,
      Optional<ModelSet> classSet,
      Optional<Escalation> plan,
      List<LabelledImage> all,
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

  private static OfflineAnswers answers(ModelSet set, List<LabelledImage> all, Terminal terminal)
      throws CommandException, EvaluationException, ModelSetException, WorkerStartException {
    Outputs outputs = OfflineInference.run(set, all.iterator(), all.size(), terminal);
    if (outputs.skipped() > 0) {
      throw CommandException.mistake(
          "--images: " + outputs.skipped() + " of them cannot be read; allowed: none");
    }
    return new OfflineAnswers(all, outputs);
  }
}
