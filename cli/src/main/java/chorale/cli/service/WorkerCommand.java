package chorale.cli.service;

import chorale.cli.CommandException;
import chorale.cli.CommonOptions;
import chorale.cli.ConnectionReporter;
import chorale.cli.EmulatedBoards;
import chorale.cli.ExitCodes;
import chorale.cli.Home;
import chorale.cli.ServiceLoop;
import chorale.cli.Stop;
import chorale.cli.Terminal;
import chorale.cli.service.Monitoring.LoopSource;
import chorale.config.KeyFile;
import chorale.config.Settings;
import chorale.config.SettingsException;
import chorale.config.WorkerSettings;
import chorale.monitoring.ServiceEndpoint.Subject;
import chorale.protocol.Assignment;
import chorale.protocol.ProcessFigures;
import chorale.protocol.ReplyCodec;
import chorale.protocol.RequestRules;
import chorale.protocol.SigningKey;
import chorale.protocol.Stage;
import chorale.protocol.Strategy;
import chorale.protocol.Ticker;
import chorale.protocol.Tier;
import chorale.protocol.Topics;
import chorale.protocol.strategy.TensorCodec;
import chorale.variants.ModelSet;
import chorale.variants.ModelSetException;
import chorale.variants.VariantManifest;
import chorale.worker.AllFrames;
import chorale.worker.BoardEmulation;
import chorale.worker.Classifier;
import chorale.worker.Engine;
import chorale.worker.Worker;
import chorale.worker.WorkerRehearsal;
import chorale.worker.WorkerStartException;
import chorale.worker.WorkerStrategy;
import chorale.worker.strategy.StageEngine;
import chorale.worker.strategy.WorkerStrategies;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chorale worker}: runs one variant on this machine until a stop is requested. */
@Command(
    name = "worker",
    description =
        "Run one variant on this machine: receive every camera's frames, and reply to each with the"
            + " top classes. Run one worker on each board, with different variants. Workers with"
            + " the same variant are replicas and share the frames.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example: chorale worker --variant V1 --broker mqtt://192.168.1.10:1883",
      "Ctrl-C ends it. All settings: 'chorale config', section worker."
    })
public final class WorkerCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;
  @Mixin private ServiceOptions service;
  @Mixin private MetricsOption metrics;

  @Option(
      names = "--variant",
      paramLabel = "ID",
      description =
          "The variant, such as V1. Required with strategy variant or class; with the others, the"
              + " default is reference.")
  private Optional<String> variant = Optional.empty();

  @Option(
      names = "--strategy",
      paramLabel = "S",
      description = "The site's strategy: variant, single, data, model or class. Default: variant.")
  private Optional<String> strategy = Optional.empty();

  @Option(
      names = "--stage",
      paramLabel = "N",
      description = "With --strategy model: the stage of the network to run, from 1.")
  private Optional<String> stage = Optional.empty();

  @Option(
      names = "--tensor-type",
      paramLabel = "T",
      description =
          "With --strategy model: the type of tensors on the wire, float32 or float16."
              + " Default: float32.")
  private Optional<String> tensorType = Optional.empty();

  @Option(
      names = "--tier",
      paramLabel = "N",
      description =
          "The worker's tier, 1 to 4. Tier 1 answers all frames; a later tier only the frames that"
              + " the aggregator asks it about. Default: 1.")
  private Optional<String> tier = Optional.empty();

  @Option(
      names = "--name",
      description = "The worker's name, unique on its site. Default: <host>-<variant>.")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--models",
      paramLabel = "DIR",
      description = "The model set's directory. Default: the one that comes with Chorale.")
  private Optional<Path> models = Optional.empty();

  @Option(
      names = "--board-factor",
      paramLabel = "F",
      description =
          "Emulate a board F times slower than this machine, 1 to 1000: run each image twice, and"
              + " reply after F times the processor time of the second run. Default: 1.")
  private Optional<String> boardFactor = Optional.empty();

  @Override
  public Integer call() throws Exception {
    Stop stop = service.stop();
    Settings settings =
        common.load(
            metrics
                .flags()
                .set("strategy", strategy)
                .set("worker.variant", variant)
                .set("worker.stage", stage)
                .set("worker.tensor-type", tensorType)
                .set("worker.tier", tier)
                .set("worker.name", name)
                .set("worker.models", models)
                .set("worker.board-factor", boardFactor));
    WorkerSettings own =
        settings
            .worker()
            .orElseThrow(
                () ->
                    CommandException.mistake(
                        "worker.variant: not set; allowed: a variant of the model set, such as"
                            + " --variant V1"));
    ReplyCodec replies =
        key(settings.keyFiles().replyKey()).map(ReplyCodec::new).orElseGet(ReplyCodec::new);
    TensorCodec tensors =
        key(settings.keyFiles().tensorKey()).map(TensorCodec::new).orElseGet(TensorCodec::new);
    BoardEmulation board = board(own.boardFactor());
    try (Engine engine = open(own, board)) {
      ConnectionReporter reporter =
          ConnectionReporter.of(settings, "worker " + own.name(), spec.commandLine().getOut());
      Assignment assignment =
          new Assignment(
              own.place().strategy(),
              stage(own, engine.manifest()),
              own.place().isShared(),
              engine.manifest().group(),
              new Tier(own.place().tier(), engine.modelSet().escalations()));
      reporter.starting(description(engine, assignment.stage(), own.boardFactor()));
      WorkerStrategy strategy = strategy(settings, assignment, tensors, engine.manifest());
      Worker.Dependencies dependencies = dependencies(settings, replies, board);
      WorkerRehearsal.run(dependencies, engine, strategy);
      try (Worker worker = new Worker(dependencies, engine, strategy, reporter)) {
        LoopSource source = new LoopSource(worker, worker::health, reporter);
        Subject subject = new Subject(settings.site(), "worker", own.name());
        try (Monitoring served = Monitoring.open(settings.metrics(), subject, source)) {
          served.tell(spec.commandLine().getOut());
          ServiceLoop.run(worker, stop, source::turn);
        }
      }
    }
    return ExitCodes.OK;
  }

  /**
   * Opens the network. Emulation multiplies the thread's processor time, so that other load on this
   * machine does not count.
   */
  private static Engine open(WorkerSettings own, BoardEmulation board) throws CommandException {
    Ticker ticker = board.factor() > 1 ? board.threadCpu() : System::nanoTime;
    try {
      ModelSet set = ModelSet.load(own.models());
      if (set.isByClass() != (own.place().strategy() == Strategy.CLASS)) {
        throw CommandException.mistake(
            "worker.models: strategy %s needs networks for %s, but those of %s are for %s"
                .formatted(
                    own.place().strategy().label(),
                    set.isByClass() ? "all classes" : "groups of classes",
                    own.models(),
                    set.isByClass() ? "groups of classes" : "all classes"));
      }
      Stage stage = stage(own, set.variant(own.variant()));
      Classifier.Settings runtime = new Classifier.Settings(own.intraOpThreads(), own.maxPixels());
      return own.place().strategy() == Strategy.MODEL
          ? StageEngine.open(
              set,
              own.variant(),
              new StageEngine.Settings(stage, own.place().tensorType(), runtime),
              ticker)
          : Classifier.open(set, own.variant(), runtime, ticker);
    } catch (ModelSetException e) {
      throw CommandException.mistake(e.getMessage());
    } catch (WorkerStartException e) {
      throw CommandException.failure(e.getMessage() + " ('chorale doctor' shows more)");
    }
  }

  private static Stage stage(WorkerSettings own, VariantManifest manifest) throws CommandException {
    if (own.place().strategy() != Strategy.MODEL) {
      return Stage.WHOLE;
    }
    int count = manifest.stages().size();
    if (count == 0) {
      throw CommandException.mistake(
          ("variant %s of %s has no stages; strategy model needs them"
                  + " (variants/training/stages.py creates them)")
              .formatted(manifest.id(), own.models()));
    }
    int index = own.place().stage().orElse(0);
    if (index < 1 || index > count) {
      throw CommandException.mistake(
          "worker.stage: %s; allowed: 1 to %s, the stages of %s"
              .formatted(
                  own.place().stage().map(String::valueOf).orElse("not set"),
                  count,
                  manifest.id()));
    }
    return new Stage(index, count);
  }

  private static WorkerStrategy strategy(
      Settings settings, Assignment assignment, TensorCodec tensors, VariantManifest manifest) {
    Topics topics = new Topics(settings.site());
    RequestRules rules =
        new RequestRules(
            topics,
            new RequestRules.Defaults(
                (int) settings.aggregator().deadline().toMillis(), settings.aggregator().k()),
            settings.aggregator().responsePrefixes());
    return WorkerStrategies.of(
        new AllFrames(assignment, topics, rules),
        manifest,
        tensors,
        settings.worker().orElseThrow().healthEvery());
  }

  private static Worker.Dependencies dependencies(
      Settings settings, ReplyCodec replies, BoardEmulation board) {
    return new Worker.Dependencies(
        settings.worker().orElseThrow(),
        new Topics(settings.site()),
        replies,
        System::nanoTime,
        Clock.systemUTC(),
        board,
        Executors.newCachedThreadPool(WorkerCommand::thread),
        new SecureRandom().nextLong(), // a board's clock can show the same time after a restart
        Home.version(),
        WorkerCommand::addFigures);
  }

  private static void addFigures(Map<String, Long> counters) {
    ProcessFigures.addMemory(counters);
    ProcessFigures.addTemperature(counters);
  }

  private static Optional<SigningKey> key(Optional<Path> file) throws SettingsException {
    return file.isPresent() ? Optional.of(KeyFile.read(file.get())) : Optional.empty();
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "inference");
    thread.setDaemon(true);
    return thread;
  }

  private static BoardEmulation board(double factor) {
    if (factor == 1) {
      return BoardEmulation.NONE; // a real board does not load Java's management classes
    }
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return new BoardEmulation(
        factor, System::nanoTime, threads::getCurrentThreadCpuTime, ExactPause::nanos);
  }

  private static String description(Engine engine, Stage stage, double boardFactor) {
    VariantManifest manifest = engine.manifest();
    return Terminal.format(
        "%s%s of %s, input %dx%d, %.2f ms an inference%s",
        manifest.id(),
        stage.count() > 1 ? " stage " + stage : "",
        engine.modelSet().name(),
        manifest.inputSize(),
        manifest.inputSize(),
        boardFactor * engine.selfBenchmarkMillis(),
        boardFactor > 1 ? " on " + EmulatedBoards.described(boardFactor) : "");
  }
}
