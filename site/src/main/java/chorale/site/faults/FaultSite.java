package chorale.site.faults;

import chorale.protocol.Topics;
import chorale.protocol.bus.BrokerAddress;
import chorale.protocol.bus.ConnectionSettings;
import chorale.site.ChildProcess;
import chorale.site.FreePort;
import chorale.site.Halt;
import chorale.site.LocalBroker;
import chorale.site.SiteException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The processes of a site with a group of aggregators; each can be killed, paused and restarted by
 * name. Used by one thread.
 */
final class FaultSite implements AutoCloseable {
  static final String BROKER = "broker";

  private static final long END_MILLIS = 3_000;
  private static final int AGGREGATOR_MEGABYTES = 128;
  private static final int WORKER_MEGABYTES = 192;

  private final FaultPlan plan;
  private final Topics topics;
  private final Path folder;
  private final int port = FreePort.find();

  private LocalBroker broker;
  private final Map<String, ChildProcess> services = new LinkedHashMap<>();
  private final Map<String, Link> links = new HashMap<>();
  private final Map<String, Halt> halted = new HashMap<>();

  /** Processes that were stopped and not yet restarted. */
  private final Set<String> down = new HashSet<>();

  private FaultSite(FaultPlan plan, Topics topics, Path folder)
      throws IOException, SiteException, InterruptedException {
    this.plan = plan;
    this.topics = topics;
    this.folder = folder;
    this.broker = LocalBroker.start(plan.broker(), port, folder);
  }

  /** Starts all processes; they are not ready yet. */
  static FaultSite start(FaultPlan plan, Topics topics, Path folder)
      throws IOException, SiteException, InterruptedException {
    FaultSite site = new FaultSite(plan, topics, folder);
    try {
      boolean linked = plan.faults().keySet().stream().anyMatch(FaultKind::isOfLink);
      for (String name : site.services()) {
        if (linked) {
          site.links.put(name, new Link(site.port));
        }
        site.startService(name);
      }
      return site;
    } catch (IOException | RuntimeException e) {
      site.close();
      throw e;
    }
  }

  /** Returns the aggregators' names: a1, a2 and so on. */
  List<String> aggregators() {
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= plan.group().aggregators(); i++) {
      names.add("a" + i);
    }
    return names;
  }

  /** Returns the workers' names, which are those of their variants. */
  List<String> workers() {
    return plan.group().variants();
  }

  private List<String> services() {
    List<String> names = new ArrayList<>(aggregators());
    names.addAll(workers());
    return names;
  }

  /** Returns the broker's port on loopback. */
  int port() {
    return port;
  }

  ConnectionSettings connection() {
    return ConnectionSettings.of(new BrokerAddress(false, "127.0.0.1", port));
  }

  /** Restarts an ended process. */
  void restart(String name) throws IOException, SiteException, InterruptedException {
    if (name.equals(BROKER)) {
      broker = LocalBroker.start(plan.broker(), port, folder);
    } else {
      startService(name);
    }
    down.remove(name);
  }

  private void startService(String name) throws IOException {
    List<String> arguments = new ArrayList<>();
    boolean isWorker = workers().contains(name);
    if (isWorker) {
      String models = plan.group().models().toString();
      arguments.addAll(List.of("worker", "--variant", name, "--models", models));
    } else {
      arguments.add("aggregator");
    }
    URI uri = links.containsKey(name) ? links.get(name).uri() : broker.uri();
    arguments.addAll(List.of("--name", name, "--site", topics.site(), "--broker", uri.toString()));
    int megabytes = isWorker ? WORKER_MEGABYTES : AGGREGATOR_MEGABYTES;
    services.put(
        name,
        ChildProcess.start(new ChildProcess.Plan(name, megabytes, arguments, Map.of()), folder));
  }

  private ChildProcess process(String name) {
    return name.equals(BROKER) ? broker.process().orElseThrow() : services.get(name);
  }

  Link link(String service) {
    return links.get(service);
  }

  /** Returns all processes by name, including the broker. */
  Map<String, ChildProcess> processes() {
    Map<String, ChildProcess> all = new LinkedHashMap<>(services);
    all.put(BROKER, process(BROKER));
    return all;
  }

  /** Kills a process, like a power loss. */
  void kill(String name) {
    down.add(name);
    process(name).kill();
  }

  /** Asks a process to leave, by SIGTERM. */
  void terminate(String name) {
    down.add(name);
    process(name).terminate();
  }

  boolean hasEnded(String name) {
    return !process(name).isAlive();
  }

  /** Returns whether it exited with code 0. */
  boolean hasSucceeded(String name) {
    return process(name).hasSucceeded();
  }

  void halt(String name) throws IOException {
    halted.put(name, process(name).halt());
  }

  void slow(String name) throws IOException {
    halted.put(name, process(name).slow());
  }

  void resume(String name) throws IOException {
    Halt halt = halted.remove(name);
    if (halt != null) {
      halt.close();
    }
  }

  /** Returns the processes that ended without a fault. */
  List<String> endedByThemselves() {
    List<String> names = new ArrayList<>(services.keySet());
    names.add(BROKER);
    names.removeIf(name -> down.contains(name) || !hasEnded(name));
    return names;
  }

  /** Returns its exit code and the last lines of its log. */
  String ending(String name) {
    return process(name).failure(process(name).ending()).getMessage();
  }

  @Override
  public void close() throws IOException {
    for (String name : Set.copyOf(halted.keySet())) {
      resume(name);
    }
    services.values().forEach(ChildProcess::askToEnd);
    long started = System.nanoTime();
    services
        .values()
        .forEach(
            each -> each.end(Math.max(0, END_MILLIS - (System.nanoTime() - started) / 1_000_000)));
    links.values().forEach(Link::close);
    broker.close();
  }
}
