package chorale.bench;

import chorale.evaluation.measurement.Camera;
import chorale.evaluation.measurement.MeasurementException;
import chorale.evaluation.measurement.WireWatch;
import chorale.protocol.Bytes;
import chorale.site.LocalSite;
import chorale.site.SiteException;
import java.io.IOException;
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
 * The compared systems, each as its own site on one broker: the reference network on one worker,
 * each variant on one worker, and all variants together, decided by all votes and by the bound. All
 * are real processes. Owned by one thread.
 */
final class Systems implements AutoCloseable {
  static final String BY_ALL = "together, by all";
  static final String BY_BOUND = "together, by the bound";

  /** The roles whose processor time is measured, in the order of the table. */
  static final List<String> ROLES = List.of("aggregator", "broker", "camera", "workers");

  private final Plan plan;
  private final BenchBroker broker;
  private final ResourceStack resources = new ResourceStack();
  private final Map<String, LocalSite> sites = new LinkedHashMap<>();
  private final List<LiveSystem> live = new ArrayList<>();

  Systems(Plan plan, BenchBroker broker) {
    this.plan = plan;
    this.broker = broker;
  }

  /**
   * The systems to start.
   *
   * @param boardFactor the board factor of every worker
   * @param settleMillis the wait after each result that was decided by the bound
   */
  record Plan(BenchModels models, List<Bytes> images, int boardFactor, int settleMillis) {
    /** Returns the sites by name of the system. */
    private Map<String, LocalSite.Plan> sites() {
      Map<String, LocalSite.Plan> sites = new LinkedHashMap<>();
      models.networks().forEach(each -> sites.put(each, site(each, List.of(each), false)));
      sites.put(BY_ALL, site("all", models.variants(), false));
      sites.put(BY_BOUND, site("bound", models.variants(), true));
      return sites;
    }

    private LocalSite.Plan site(String name, List<String> networks, boolean bound) {
      return BenchBroker.site("bench-" + name, networks, models, boardFactor, bound);
    }
  }

  /** Starts the systems and waits until all are ready. */
  void start(BenchSettings settings)
      throws IOException, MeasurementException, SiteException, InterruptedException {
    // Cameras connect first: while all processes start, the broker is too slow to accept them.
    for (Map.Entry<String, LocalSite.Plan> each : plan.sites().entrySet()) {
      Camera camera = resources.add(broker.camera(each.getValue().name()));
      camera.awaitSubscribed();
      int settleMillis = each.getKey().equals(BY_BOUND) ? plan.settleMillis() : 0;
      live.add(new LiveSystem(each.getKey(), camera, plan.images(), settleMillis));
    }
    for (Map.Entry<String, LocalSite.Plan> each : plan.sites().entrySet()) {
      sites.put(each.getKey(), resources.add(broker.start(each.getValue())));
    }
    settings.tell("waiting for " + sites.size() + " sites");
    for (LocalSite each : sites.values()) {
      var unused = each.awaitReady(() -> false);
    }
  }

  List<LiveSystem> live() {
    return List.copyOf(live);
  }

  LiveSystem live(String name) {
    return live.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
  }

  /** Returns a counter of the bytes of a system's messages. */
  WireWatch watch(String name) throws MeasurementException, InterruptedException {
    return new WireWatch(plan.sites().get(name).topics(), broker.buses());
  }

  /** Returns the processor time of a system's processes so far, in ms, by role. */
  Map<String, Double> processorMillis(String name) {
    LocalSite site = sites.get(name);
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

  /** Runs all systems in parallel for a while, so that Java compiles hot code. */
  void warmUp(long millis) throws InterruptedException {
    long end = System.nanoTime() + millis * 1_000_000L;
    ExecutorService threads = Executors.newFixedThreadPool(live.size());
    try {
      // Failures are ignored here; they recur in the first round.
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

  @Override
  public void close() {
    resources.close();
  }
}
