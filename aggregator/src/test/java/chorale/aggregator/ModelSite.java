package chorale.aggregator;

import chorale.aggregator.History.Ended;
import chorale.aggregator.History.Frame;
import chorale.aggregator.History.Heard;
import chorale.config.AggregatorSettings;
import chorale.config.Escalate;
import chorale.config.WorkerSettings;
import chorale.protocol.Address;
import chorale.protocol.Assignment;
import chorale.protocol.Bytes;
import chorale.protocol.Fusion;
import chorale.protocol.Message;
import chorale.protocol.ReplyCodec;
import chorale.protocol.RequestKey;
import chorale.protocol.RequestRules;
import chorale.protocol.Strategy;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.Session;
import chorale.protocol.bus.Subscription;
import chorale.variants.ModelSet;
import chorale.worker.AllFrames;
import chorale.worker.AskedFrames;
import chorale.worker.BoardEmulation;
import chorale.worker.Worker;
import chorale.worker.WorkerStrategy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A site in a simulation: a broker, aggregators, workers, and an observer of the results. */
final class ModelSite {
  static final List<String> AGGREGATORS = List.of("ada", "bob", "cyd");
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-23T12:00:00Z"), ZoneOffset.UTC);
  private static final Duration NO_HEALTH = Duration.ofDays(1);

  final VirtualTime time = new VirtualTime();
  final EventLog log;
  final ModelBroker broker;
  final History history;
  final List<Host> aggregators = new ArrayList<>();
  final List<Host> workers = new ArrayList<>();
  private final ModelClient.World world;
  private final ModelSet models;
  private final GroupRules rules;
  private final int liars;
  final Optional<ModelTiers> tiers;

  /**
   * @param logs whether to log all events
   */
  ModelSite(Simulation simulation, Optional<ModelTiers> tiers, Chance chance, boolean logs) {
    this.tiers = tiers;
    this.history = new History(tiers);
    this.models = simulation.models();
    this.rules = simulation.rules();
    this.liars = simulation.liars();
    this.log = new EventLog(time, logs);
    this.broker =
        new ModelBroker(time, chance, log, (by, said) -> history.sent(by, said, time.nanos()));
    this.world = new ModelClient.World(broker, time, chance, log);
    observe();
  }

  private void observe() {
    Inbox inbox = new Inbox(10_000, 1 << 24);
    broker.open(
        Session.of("observer", List.of(Subscription.live(Rig.TOPICS.resultFilter()))),
        inbox,
        event -> {
          inbox.poll();
          if (event instanceof BusEvent.Delivered delivered) {
            log.add("observer", () -> "sees " + EventLog.describe(delivered.message()));
            history.saw(delivered.message(), delivered.arrivedNanos());
          }
        });
  }

  Host aggregator(String name) {
    Host host =
        new Host(
            name,
            world,
            bus ->
                new Aggregator(
                    settings(name),
                    Rig.TOPICS,
                    new Aggregator.Dependencies(
                        bus,
                        Optional.empty(),
                        Optional.empty(),
                        time,
                        CLOCK,
                        time.elapsedNanos(),
                        "model",
                        counters -> {}),
                    rules),
            this::heard,
            service -> history.ended.add(new Ended(name, ((Aggregator) service).counters())));
    aggregators.add(host);
    return host;
  }

  private AggregatorSettings settings(String name) {
    return new AggregatorSettings(
        name,
        Fusion.SCALED_SUM,
        Duration.ofMillis(500),
        2,
        0,
        true,
        liars,
        Duration.ofMillis(500),
        tiers.map(ModelTiers::escalate).orElse(Escalate.SET),
        0,
        0,
        2,
        1000,
        10_000,
        List.of(),
        NO_HEALTH,
        Strategy.VARIANT,
        Optional.empty());
  }

  private void heard(Host aggregator, BusEvent event) {
    if (event instanceof BusEvent.Delivered delivered
        && Rig.TOPICS.parse(delivered.message().topic()) instanceof Address.Image image) {
      RequestKey key = Scenario.key(image.camera(), delivered.message());
      if (history.frames.containsKey(key)) { // otherwise the frame is a check
        history.heard.add(new Heard(aggregator.name(), key, delivered.arrivedNanos()));
      }
    }
  }

  /** Returns a camera's image; if boards are checked, one that can be varied. */
  Bytes image(String content) {
    return liars > 0 ? ModelEngine.jpeg(content) : Bytes.utf8(content);
  }

  Host worker(int number) {
    ModelEngine engine = ModelEngine.of(models, number, time);
    String variant = engine.manifest().id();
    Host host =
        new Host(
            "board-" + variant,
            world,
            bus ->
                new Worker(
                    new Worker.Dependencies(
                        workerSettings(variant),
                        Rig.TOPICS,
                        new ReplyCodec(),
                        time,
                        CLOCK,
                        BoardEmulation.NONE,
                        Runnable::run,
                        time.elapsedNanos(),
                        "model",
                        counters -> {}),
                    engine,
                    strategy(variant),
                    bus),
            (any, event) -> {},
            service -> {});
    workers.add(host);
    return host;
  }

  private WorkerStrategy strategy(String variant) {
    AllFrames frames =
        new AllFrames(
            tiers.map(all -> all.assignment(variant)).orElse(Assignment.VARIANT),
            Rig.TOPICS,
            new RequestRules(Rig.TOPICS, RequestRules.Defaults.STANDARD, List.of()));
    return frames.assignment().tier().isFirst()
        ? frames
        : new AskedFrames(frames, tiers.orElseThrow().keptBytes());
  }

  private static WorkerSettings workerSettings(String variant) {
    return new WorkerSettings(
        variant,
        "board-" + variant,
        Path.of("."),
        1,
        1,
        1_000_000,
        1,
        NO_HEALTH,
        WorkerSettings.Place.VARIANT);
  }

  /** Publishes a frame of a camera. */
  void publish(Frame frame, Message message) {
    history.published(frame, time.nanos());
    broker.publish("camera-" + frame.camera(), message);
  }

  /** Ends all processes. */
  void end() {
    for (String camera : Scenario.CAMERAS) {
      broker.retained(Rig.TOPICS.result(camera)).ifPresent(history::keeps);
    }
    aggregators.stream().filter(Host::isUp).forEach(Host::kill);
  }
}
