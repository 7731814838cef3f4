package chorale.bench;

import chorale.mqtt.PahoBus;
import chorale.protocol.Bytes;
import chorale.protocol.Topics;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.ConnectionSettings;
import chorale.site.Broker;
import chorale.site.Camera;
import chorale.site.MeasurementException;
import chorale.site.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * All systems that are compared, each as a site of its own on one broker: the reference network on
 * one worker, each variant on one, and all variants together, decided by all and by the bound. Real
 * processes. One owning thread; close it.
 */
final class Systems implements AutoCloseable {
  static final String BY_ALL = "together, by all";
  static final String BY_BOUND = "together, by the bound";

  /** What processor time is counted for, in the order of the table. */
  static final List<String> ROLES = List.of("aggregator", "broker", "camera", "workers");

  /** Longer than any answer here takes: what is measured is time, not deadlines. */
  private static final int BUDGET_MILLIS = 10_000;

  private final Path folder;
  private final Broker broker;
  private final BusFactory buses;
  private final List<AutoCloseable> parts = new ArrayList<>();
  private final Map<String, Site> sites = new LinkedHashMap<>();
  private final List<LiveSystem> live = new ArrayList<>();
  private boolean failed = true;

  private Systems(Path folder, Broker broker) {
    this.folder = folder;
    this.broker = broker;
    this.buses = PahoBus.factory(ConnectionSettings.of(broker.uri()));
    parts.add(broker);
  }

  /**
   * What is started.
   *
   * @param boardFactor of every worker
   * @param settleMillis after each answer that was decided by the bound
   */
  record Plan(BenchModels models, List<Bytes> images, int boardFactor, int settleMillis) {
    private List<Compared> systems() {
      List<Compared> systems = new ArrayList<>();
      models.networks().forEach(each -> systems.add(new Compared(each, each, List.of(each))));
      systems.add(new Compared(BY_ALL, "all", models.variants()));
      systems.add(new Compared(BY_BOUND, "bound", models.variants()));
      return systems;
    }
  }

  /** One of them, with a worker for each network. */
  private record Compared(String name, String shortName, List<String> networks) {
    String site() {
      return "bench-" + shortName;
    }
  }

  /** Starts them and waits until all answer. */
  static Systems start(BenchSettings settings, Plan plan)
      throws IOException, MeasurementException, InterruptedException {
    Path folder = Files.createTempDirectory("chorale-bench-");
    Systems systems = new Systems(folder, Broker.start(settings.broker(), folder));
    boolean started = false;
    try {
      systems.startAll(settings, plan);
      started = true;
      return systems;
    } finally {
      if (!started) {
        systems.close();
      }
    }
  }

  private void startAll(BenchSettings settings, Plan plan)
      throws IOException, MeasurementException, InterruptedException {
    // Cameras first: while so many processes start, the broker answers nobody in time.
    for (Compared each : plan.systems()) {
      addCamera(each, plan);
    }
    for (Compared each : plan.systems()) {
      Site site = Site.start(site(each, plan), broker.uri(), folder);
      parts.add(site);
      sites.put(each.name(), site);
    }
    settings.tell("waiting for " + live.size() + " sites");
    for (LiveSystem each : live) {
      sites.get(each.name()).awaitReady(each.camera(), plan.images().get(0));
    }
  }

  private void addCamera(Compared system, Plan plan)
      throws MeasurementException, InterruptedException {
    Camera camera = new Camera("bench", new Topics(system.site()), BUDGET_MILLIS, buses);
    parts.add(camera);
    camera.awaitSubscribed();
    int settleMillis = system.name().equals(BY_BOUND) ? plan.settleMillis() : 0;
    live.add(new LiveSystem(system.name(), camera, plan.images(), settleMillis));
  }

  private static Site.Plan site(Compared system, Plan plan) {
    return new Site.Plan(
        system.site(),
        system.networks(),
        plan.models().set().directory(),
        plan.boardFactor() == 1
            ? List.of()
            : List.of("--board-factor", String.valueOf(plan.boardFactor())),
        Map.of("CHORALE_AGGREGATOR_BOUND", String.valueOf(system.name().equals(BY_BOUND))));
  }

  List<LiveSystem> live() {
    return List.copyOf(live);
  }

  LiveSystem live(String name) {
    return live.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
  }

  /** Processor time in milliseconds so far, by role, of the processes of a system. */
  Map<String, Double> processorMillis(String name) {
    Site site = sites.get(name);
    Duration camera = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    Map<String, Duration> times =
        Map.of(
            "aggregator", site.aggregatorTime(),
            "broker", broker.processorTime(),
            "camera", camera,
            "workers", site.workersTime());
    return times.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().toNanos() / 1e6));
  }

  /** The site's name. */
  String site(String name) {
    return "bench-" + name;
  }

  /** More connections to the same broker. */
  BusFactory buses() {
    return buses;
  }

  /** All systems answer at once for a while, so that Java compiles what runs often. */
  void warmUp(long millis) throws InterruptedException {
    long end = System.nanoTime() + millis * 1_000_000L;
    ExecutorService threads = Executors.newFixedThreadPool(live.size());
    try {
      // What fails here fails again in the first round.
      var unused = threads.invokeAll(live.stream().map(each -> askUntil(each, end)).toList());
    } finally {
      threads.shutdownNow();
    }
  }

  private static Callable<Void> askUntil(LiveSystem system, long endNanos) {
    return () -> {
      for (int turn = 0; endNanos - System.nanoTime() > 0; turn++) {
        system.camera().ask(system.images().get(turn % system.images().size()));
      }
      return null;
    };
  }

  /** All went well: the logs of the processes go. */
  void dropLogs() {
    failed = false;
  }

  @Override
  public void close() {
    for (int i = parts.size() - 1; i >= 0; i--) {
      try {
        parts.get(i).close();
      } catch (Exception e) {
        System.getLogger(Systems.class.getName())
            .log(System.Logger.Level.WARNING, "a part does not close", e);
      }
    }
    if (!failed) {
      Folders.delete(folder);
    }
  }
}
