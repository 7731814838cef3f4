package chorale.bench;

import chorale.evaluation.measurement.Camera;
import chorale.evaluation.measurement.MeasurementException;
import chorale.mqtt.PahoBus;
import chorale.protocol.Bytes;
import chorale.protocol.Topics;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.ConnectionSettings;
import chorale.site.Board;
import chorale.site.LocalBroker;
import chorale.site.LocalSite;
import chorale.site.SiteException;
import chorale.variants.ModelSet;
import chorale.variants.VariantManifest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All systems that are compared, each as a site of its own on one broker: the reference network on
 * one worker, each variant on one, and the five together, decided by all and by the bound. Real
 * processes; one owning thread; close it.
 */
final class Systems implements AutoCloseable {
  static final String BY_ALL = "together, by all";
  static final String BY_BOUND = "together, by the bound";

  /** Longer than any answer here takes: what is measured is time, not deadlines. */
  private static final int BUDGET_MILLIS = 10_000;

  private final Path folder;
  private final List<AutoCloseable> parts = new ArrayList<>();
  private final Map<String, LocalSite> sites = new LinkedHashMap<>();
  private final List<LiveSystem> live = new ArrayList<>();
  private BusFactory buses =
      (session, inbox) -> {
        throw new IllegalStateException("no broker yet");
      };
  private Optional<LocalBroker> running = Optional.empty();
  private boolean failed = true;

  private Systems(Path folder) {
    this.folder = folder;
  }

  /**
   * What is started.
   *
   * @param boardFactor of every worker
   * @param settleMillis after each answer that was decided by the bound
   */
  record Plan(ModelSet set, List<Bytes> images, int boardFactor, int settleMillis) {}

  /** Starts them and waits until all answer. */
  static Systems start(Settings settings, Plan plan) throws BenchException, InterruptedException {
    Systems systems = null;
    try {
      systems = new Systems(Files.createTempDirectory("chorale-bench-"));
      systems.startAll(settings, plan);
      return systems;
    } catch (IOException | MeasurementException | SiteException e) {
      systems.close();
      throw new BenchException(e.getMessage(), e);
    }
  }

  private void startAll(Settings settings, Plan plan)
      throws IOException, MeasurementException, SiteException, InterruptedException {
    LocalBroker broker = LocalBroker.start(settings.broker(), folder);
    parts.add(broker);
    buses = PahoBus.factory(ConnectionSettings.of(broker.uri()));
    List<String> variants = plan.set().variants().stream().map(VariantManifest::id).toList();
    String reference = reference(plan.set());
    Map<String, LocalSite.Plan> plans = new LinkedHashMap<>();
    plans.put(reference, site("bench-reference", List.of(reference), plan));
    for (String variant : variants) {
      plans.put(variant, site("bench-" + variant, List.of(variant), plan));
    }
    plans.put(BY_ALL, site("bench-all", variants, plan));
    plans.put(BY_BOUND, site("bench-bound", variants, plan));
    // Cameras first: while so many processes start, the broker answers nobody in time.
    for (Map.Entry<String, LocalSite.Plan> each : plans.entrySet()) {
      addCamera(each.getKey(), each.getValue().name(), plan);
    }
    for (Map.Entry<String, LocalSite.Plan> each : plans.entrySet()) {
      LocalSite site =
          LocalSite.start(each.getValue(), broker, buses, folder.resolve(each.getValue().name()));
      parts.add(site);
      sites.put(each.getKey(), site);
    }
    settings.tell("waiting for " + live.size() + " sites");
    for (LiveSystem each : live) {
      var unused = sites.get(each.name()).awaitReady(() -> false);
    }
    running = Optional.of(broker);
  }

  static String reference(ModelSet set) {
    return set.referenceManifest().orElseThrow().id();
  }

  private static LocalSite.Plan site(String name, List<String> networks, Plan plan) {
    List<String> workers =
        plan.boardFactor() == 1
            ? List.of()
            : List.of("--board-factor", String.valueOf(plan.boardFactor()));
    return new LocalSite.Plan(
        name,
        new Topics(name),
        networks.stream().map(Board::of).toList(),
        plan.set().directory(),
        new LocalSite.Arguments(
            List.of(),
            List.of(),
            workers,
            Map.of("CHORALE_AGGREGATOR_BOUND", String.valueOf(name.equals("bench-bound")))));
  }

  private void addCamera(String name, String site, Plan plan)
      throws MeasurementException, InterruptedException {
    Camera camera = new Camera("bench", new Topics(site), BUDGET_MILLIS, buses);
    parts.add(camera);
    camera.awaitSubscribed();
    int settleMillis = name.equals(BY_BOUND) ? plan.settleMillis() : 0;
    live.add(new LiveSystem(name, camera, plan.images(), settleMillis));
  }

  List<LiveSystem> live() {
    return List.copyOf(live);
  }

  LiveSystem live(String name) {
    return live.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
  }

  /**
   * Processor time in milliseconds so far, of those that answer in this system; the workers' also
   * by what their threads do, where the system tells.
   */
  Map<String, Double> processorMillis(String name) {
    LocalSite site = sites.get(name);
    Map<String, Double> times = new HashMap<>();
    times.put("broker", millis(running.orElseThrow().processorTime()));
    times.put("aggregator", millis(site.aggregatorTime()));
    times.put("workers", millis(site.workersTime()));
    times.put(
        "camera", millis(ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO)));
    site.workersThreadTimes()
        .forEach((thread, time) -> times.merge(workOf(thread), millis(time), Double::sum));
    return times;
  }

  /** What a worker's thread of this name does. */
  private static String workOf(String thread) {
    if (thread.equals("java") || thread.equals("helper")) {
      return "workers, their own threads";
    }
    if (thread.startsWith("MQTT")) {
      return "workers, Paho's threads";
    }
    return thread.contains("Compiler") ? "workers, Java's compilers" : "workers, the rest of Java";
  }

  private static double millis(Duration time) {
    return time.toNanos() / 1e6;
  }

  URI brokerUri() {
    return running.orElseThrow().uri();
  }

  /** More connections to the same broker. */
  BusFactory buses() {
    return buses;
  }

  /**
   * Lets all systems answer at once for a while: what runs hot in a worker is compiled then, as in
   * one that has run for long.
   */
  void warmUp(long millis) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    long end = System.nanoTime() + millis * 1_000_000L;
    for (LiveSystem each : live) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  for (int turn = 0; end - System.nanoTime() > 0; turn++) {
                    each.camera().ask(each.images().get(turn % each.images().size()));
                  }
                } catch (MeasurementException e) {
                  // It will show in the first round.
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
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
