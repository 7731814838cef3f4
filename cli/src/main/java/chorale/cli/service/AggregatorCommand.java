package chorale.cli.service;

import chorale.aggregator.Aggregator;
import chorale.aggregator.AggregatorRehearsal;
import chorale.cli.CommandException;
import chorale.cli.CommonOptions;
import chorale.cli.ConnectionReporter;
import chorale.cli.ExitCodes;
import chorale.cli.Home;
import chorale.cli.ServiceLoop;
import chorale.cli.Stop;
import chorale.cli.service.Monitoring.LoopSource;
import chorale.config.AggregatorSettings;
import chorale.config.Durations;
import chorale.config.ReplyKeys;
import chorale.config.Settings;
import chorale.config.SettingsException;
import chorale.monitoring.ServiceEndpoint.Subject;
import chorale.protocol.Fusion;
import chorale.protocol.ProcessFigures;
import chorale.protocol.Strategy;
import chorale.protocol.Topics;
import chorale.variants.ModelSet;
import chorale.variants.ModelSetException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chorale aggregator}: runs an aggregator until a stop is requested. */
@Command(
    name = "aggregator",
    description =
        "Collect the workers' replies to each frame, and publish one result: when all have voted,"
            + " when the missing votes cannot change it, or at the deadline. Several aggregators"
            + " on a site back each other up.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example: chorale aggregator --deadline 500ms",
      "Ctrl-C ends it. All settings: 'chorale config', section aggregator."
    })
public final class AggregatorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;
  @Mixin private ServiceOptions service;
  @Mixin private MetricsOption metrics;

  @Option(
      names = "--deadline",
      paramLabel = "D",
      description = "The deadline of a frame that sets none, such as 40ms. Default: 1s.")
  private Optional<String> deadline = Optional.empty();

  @Option(names = "--name", description = "The aggregator's name. Default: the host's.")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--strategy",
      paramLabel = "S",
      description = "The site's strategy: variant, single, data, model or class. Default: variant.")
  private Optional<String> strategy = Optional.empty();

  @Option(
      names = "--fusion",
      paramLabel = "RULE",
      completionCandidates = Rules.class,
      description =
          "The rule that combines the votes: ${COMPLETION-CANDIDATES}. Default: scaled-sum.")
  private Optional<String> fusion = Optional.empty();

  @Option(
      names = "--quorum",
      paramLabel = "N",
      description = "Decide as soon as N variants have voted. Default: off.")
  private Optional<String> quorum = Optional.empty();

  @Option(
      names = "--models",
      paramLabel = "DIR",
      description =
          "The site's model set; workers with other models do not vote. Default: the set that the"
              + " workers announce.")
  private Optional<Path> models = Optional.empty();

  /** The fusion rules, for the help. */
  static final class Rules implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Stream.of(Fusion.values()).map(Fusion::label).iterator();
    }
  }

  @Override
  public Integer call() throws Exception {
    Stop stop = service.stop();
    Settings settings =
        common.load(
            metrics
                .flags()
                .set("aggregator.deadline", deadline)
                .set("aggregator.name", name)
                .set("strategy", strategy)
                .set("aggregator.fusion", fusion)
                .set("aggregator.quorum", quorum)
                .set("aggregator.models", models));
    AggregatorSettings own = settings.aggregator();
    Optional<ModelSet> set = models(own);
    Optional<ReplyKeys> keys = keys(settings.keyFiles().replyKeys());
    ConnectionReporter reporter =
        ConnectionReporter.of(settings, "aggregator " + own.name(), spec.commandLine().getOut());
    reporter.starting(description(own));
    Topics topics = new Topics(settings.site());
    Aggregator.Dependencies dependencies =
        new Aggregator.Dependencies(
            reporter,
            keys,
            set,
            System::nanoTime,
            Clock.systemUTC(),
            new SecureRandom().nextLong(),
            Home.version(),
            ProcessFigures::addMemory);
    AggregatorRehearsal.run(own, topics, dependencies);
    try (Aggregator aggregator = new Aggregator(own, topics, dependencies)) {
      LoopSource source = new LoopSource(aggregator, aggregator::health, reporter);
      Subject subject = new Subject(settings.site(), "aggregator", own.name());
      try (Monitoring served = Monitoring.open(settings.metrics(), subject, source)) {
        served.tell(spec.commandLine().getOut());
        ServiceLoop.run(aggregator, stop, source::turn);
      }
    }
    return ExitCodes.OK;
  }

  private static Optional<ModelSet> models(AggregatorSettings own) throws CommandException {
    try {
      return own.models().isPresent()
          ? Optional.of(ModelSet.load(own.models().get()))
          : Optional.empty();
    } catch (ModelSetException e) {
      throw CommandException.mistake("aggregator.models: " + e.getMessage());
    }
  }

  private static Optional<ReplyKeys> keys(Optional<Path> file) throws SettingsException {
    return file.isPresent() ? Optional.of(ReplyKeys.read(file.get())) : Optional.empty();
  }

  private static String description(AggregatorSettings own) {
    return "%s, deadline %s%s"
        .formatted(
            own.strategy() == Strategy.VARIANT ? own.fusion().label() : own.strategy().label(),
            Durations.format(own.deadline()),
            own.quorum() > 0 ? ", quorum " + own.quorum() : "");
  }
}
