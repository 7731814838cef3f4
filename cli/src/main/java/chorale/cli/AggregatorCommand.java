package chorale.cli;

import chorale.aggregator.Aggregator;
import chorale.cli.CommonOptions.Flags;
import chorale.config.AggregatorSettings;
import chorale.config.Durations;
import chorale.config.Settings;
import chorale.protocol.ReplyCodec;
import chorale.protocol.Strategy;
import chorale.protocol.Topics;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chorale aggregator}: collects replies and decides, until it is told to end. */
@Command(
    name = "aggregator",
    description =
        "Collects the workers' replies to each frame and publishes one answer, when all have voted,"
            + " when the rest cannot change it, or at the deadline. One on each site.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example: chorale aggregator --deadline 500ms",
      "Ends on Ctrl-C. Everything else it takes: 'chorale config', section aggregator."
    })
final class AggregatorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;
  @Mixin private ServiceOptions service;

  @Option(
      names = "--deadline",
      paramLabel = "D",
      description = "The time that a frame has if it names none: 40ms, 2s. 1s unless set.")
  private Optional<String> deadline = Optional.empty();

  @Option(names = "--name", description = "The aggregator's name; the host's unless set.")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--strategy",
      paramLabel = "S",
      description = "The site's strategy: variant, single, data, model. variant unless set.")
  private Optional<String> strategy = Optional.empty();

  @Option(
      names = "--fusion",
      paramLabel = "RULE",
      description = "How votes become one answer: scaled-sum, mean, product, majority.")
  private Optional<String> fusion = Optional.empty();

  @Option(
      names = "--quorum",
      paramLabel = "N",
      description = "Decide once so many variants have voted. Off unless set.")
  private Optional<String> quorum = Optional.empty();

  @Override
  public Integer call() throws Exception {
    Stop stop = service.stop();
    Settings settings =
        common.load(
            new Flags()
                .set("aggregator.deadline", deadline)
                .set("aggregator.name", name)
                .set("strategy", strategy)
                .set("aggregator.fusion", fusion)
                .set("aggregator.quorum", quorum));
    AggregatorSettings own = settings.aggregator();
    ConnectionReporter reporter =
        new ConnectionReporter(
            Buses.lasting(settings.connection()),
            "aggregator " + own.name(),
            settings.connection().broker().toString(),
            spec.commandLine().getOut());
    reporter.starting(description(own));
    try (Aggregator aggregator =
        new Aggregator(
            own,
            new Topics(settings.site()),
            new Aggregator.Dependencies(
                reporter,
                settings.replyKey().map(ReplyCodec::new).orElseGet(ReplyCodec::new),
                System::nanoTime,
                Clock.systemUTC(),
                new SecureRandom().nextLong(),
                Home.version()))) {
      ServiceLoop.run(aggregator, stop, reporter);
    }
    return ExitCodes.OK;
  }

  private static String description(AggregatorSettings own) {
    return (own.strategy() == Strategy.VARIANT ? own.fusion() : own.strategy().label())
        + ", deadline "
        + Durations.format(own.deadline())
        + (own.quorum() > 0 ? ", quorum " + own.quorum() : "");
  }
}
