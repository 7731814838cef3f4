package chorale.site;

import chorale.protocol.Fleet.Member;
import chorale.protocol.Role;
import chorale.protocol.Topics;
import chorale.protocol.WorkerInfo;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.ServiceEndedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A site on this machine: an aggregator and one worker per board, as child processes on one broker.
 * Several sites can share the broker. Used by one thread; close it before the broker.
 */
public final class LocalSite implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Time for the aggregator to receive messages that arrived here first. */
  private static final long SETTLE_MILLIS = 200;

  private static final long END_MILLIS = 3_000;

  private final Plan plan;
  private final LocalBroker broker;
  private final BusFactory buses;
  private final Path folder;

  /**
   * Processes without which nothing is answered: the broker, if started here, and the aggregator.
   */
  private final List<ChildProcess> essential = new ArrayList<>();

  private final List<ChildProcess> workers = new ArrayList<>();
  private final Set<ChildProcess> reported = new HashSet<>();

  /**
   * The processes to start.
   *
   * @param name of the aggregator, and prefix of the workers' names; unique on the broker
   * @param models directory of the model set
   */
  public record Plan(
      String name, Topics topics, List<Board> boards, Path models, Arguments arguments) {
    public Plan {
      boards = List.copyOf(boards);
    }
  }

  /**
   * Additional arguments of the processes.
   *
   * @param common arguments of every process
   * @param environment of every process, for settings without an option
   */
  public record Arguments(
      List<String> common,
      List<String> aggregator,
      List<String> workers,
      Map<String, String> environment) {
    public Arguments {
      common = List.copyOf(common);
      aggregator = List.copyOf(aggregator);
      workers = List.copyOf(workers);
      environment = Map.copyOf(environment);
    }
  }

  private LocalSite(Plan plan, LocalBroker broker, BusFactory buses, Path folder) {
    this.plan = plan;
    this.broker = broker;
    this.buses = buses;
    this.folder = folder;
    broker.process().ifPresent(essential::add);
  }

  /**
   * Starts all processes; they are not ready yet.
   *
   * @param broker need not listen yet
   * @param buses connects to that broker
   * @param folder of this site alone, for logs and temporary files; created if missing
   */
  public static LocalSite start(Plan plan, LocalBroker broker, BusFactory buses, Path folder)
      throws IOException {
    LocalSite site = new LocalSite(plan, broker, buses, Files.createDirectories(folder));
    try {
      site.startAll();
      return site;
    } catch (IOException | RuntimeException e) {
      site.close();
      throw e;
    }
  }

  private void startAll() throws IOException {
    Arguments more = plan.arguments();
    List<String> own = new ArrayList<>(more.aggregator());
    own.addAll(List.of("--name", plan.name()));
    own.addAll(broker.arguments());
    essential.add(start("aggregator", "aggregator", 128, own));
    for (Board board : plan.boards()) {
      own = new ArrayList<>(more.workers());
      own.addAll(board.arguments());
      own.addAll(List.of("--name", workerName(board), "--models", plan.models().toString()));
      own.addAll(
          board
              .broker()
              .map(link -> List.of("--broker", link.toString()))
              .orElse(broker.arguments()));
      workers.add(start(processName(board), "worker", 192, own));
    }
  }

  private ChildProcess start(String name, String command, int heapMegabytes, List<String> own)
      throws IOException {
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.addAll(own);
    arguments.addAll(List.of("--site", plan.topics().site()));
    arguments.addAll(plan.arguments().common());
    Map<String, String> environment = new HashMap<>(broker.environment());
    environment.putAll(plan.arguments().environment());
    return ChildProcess.start(
        new ChildProcess.Plan(name, heapMegabytes, arguments, environment), folder);
  }

  public List<Board> boards() {
    return plan.boards();
  }

  private String clientId() {
    return "chorale-watch-" + plan.name();
  }

  private static String processName(Board board) {
    return "worker-" + board.name();
  }

  /** Returns the worker name of this board, as in its replies. */
  public String workerName(Board board) {
    return plan.name() + '-' + board.name();
  }

  /** Waits like {@link #awaitReady(BooleanSupplier, Consumer)}, without a listener. */
  public List<WorkerInfo> awaitReady(BooleanSupplier stopped)
      throws SiteException, InterruptedException {
    return awaitReady(stopped, missing -> {});
  }

  /**
   * Waits until the aggregator and all workers have announced themselves.
   *
   * @param stopped ends the wait; called about 10 times per second
   * @param waiting receives the names of the processes not yet ready, equally often
   * @return the workers' info; incomplete after a stop
   * @throws SiteException if a process ended or was not ready in time; with the last lines of its
   *     log
   */
  public List<WorkerInfo> awaitReady(BooleanSupplier stopped, Consumer<List<String>> waiting)
      throws SiteException, InterruptedException {
    long started = System.nanoTime();
    BooleanSupplier noLonger =
        () ->
            stopped.getAsBoolean()
                || processes().anyMatch(each -> !each.isAlive())
                || System.nanoTime() - started > PATIENCE.toNanos();
    List<String> first = List.of("the broker");
    var unused =
        broker.listens(
            () -> {
              waiting.accept(first);
              return noLonger.getAsBoolean();
            });
    if (stopped.getAsBoolean()) {
      return List.of();
    }
    List<Member> expected = members();
    try (FleetWatch fleet = new FleetWatch(plan.topics(), buses, clientId())) {
      long nanos = fleet.runOnce();
      while (!fleet.missing(expected).isEmpty() && !noLonger.getAsBoolean()) {
        waiting.accept(fleet.isConnected() ? names(fleet.missing(expected)) : first);
        fleet.inbox().await(nanos);
        nanos = fleet.runOnce();
      }
      if (!stopped.getAsBoolean()) {
        requireReady(fleet, fleet.missing(expected));
        Thread.sleep(SETTLE_MILLIS);
      }
      return fleet.workers();
    } catch (ServiceEndedException e) {
      throw new SiteException(e.getMessage(), e);
    }
  }

  private void requireReady(FleetWatch fleet, List<Member> missing) throws SiteException {
    Optional<ChildProcess> dead = processes().filter(each -> !each.isAlive()).findFirst();
    if (dead.isPresent()) {
      throw dead.get().failure(dead.get().ending() + " before it was ready");
    }
    if (missing.isEmpty()) {
      return;
    }
    String late = "not ready within " + PATIENCE.toSeconds() + " s";
    if (fleet.isConnected()) {
      throw process(missing.get(0))
          .failure("was " + late + " (not ready: " + String.join(", ", names(missing)) + ")");
    }
    if (broker.process().isPresent()) {
      throw broker.process().get().failure("was " + late);
    }
    throw new SiteException(
        "the broker at %s was %s%s; run 'chorale doctor' to find the cause"
            .formatted(
                broker.uri(), late, fleet.trouble().map(why -> " (" + why + ")").orElse("")));
  }

  private List<String> names(List<Member> members) {
    return members.stream().map(this::process).map(ChildProcess::name).toList();
  }

  private List<Member> members() {
    List<Member> members = new ArrayList<>();
    members.add(new Member(Role.AGGREGATOR, plan.name()));
    plan.boards().forEach(each -> members.add(new Member(Role.WORKER, workerName(each))));
    return members;
  }

  private Stream<ChildProcess> processes() {
    return Stream.concat(essential.stream(), workers.stream());
  }

  private ChildProcess aggregator() {
    return essential.get(essential.size() - 1);
  }

  private ChildProcess process(Member member) {
    return plan.boards().stream()
        .filter(board -> member.equals(new Member(Role.WORKER, workerName(board))))
        .flatMap(this::worker)
        .findFirst()
        .orElse(aggregator());
  }

  private Stream<ChildProcess> worker(Board board) {
    return workers.stream().filter(each -> each.name().equals(processName(board)));
  }

  /** Runs the action on another thread when any process ends. */
  public void onAnyExit(Runnable action) {
    processes().forEach(each -> each.onExit(action));
  }

  /** Kills a board's worker, like a power loss. */
  public void kill(Board board) {
    worker(board).forEach(ChildProcess::kill);
  }

  /** Returns whether broker and aggregator are running. */
  public boolean isUp() {
    return essential.stream().allMatch(ChildProcess::isAlive);
  }

  /**
   * @throws SiteException if the broker or the aggregator has ended
   */
  public void requireUp() throws SiteException {
    for (ChildProcess each : essential) {
      if (!each.isAlive()) {
        throw each.failure(each.ending());
      }
    }
  }

  /** Reports each worker that has ended, once; the run continues without it. */
  public void reportExits(Consumer<String> reporter) {
    for (ChildProcess worker : workers) {
      if (!worker.isAlive() && reported.add(worker)) {
        reporter.accept(worker.name() + " " + worker.ending() + "; the run continues without it");
      }
    }
  }

  /** Returns whether {@link #reportExits} has reported any. */
  public boolean hasReportedExits() {
    return !reported.isEmpty();
  }

  /** Returns the aggregator's processor time so far. */
  public Duration aggregatorTime() {
    return aggregator().processorTime();
  }

  /** Returns the processor time of all workers so far. */
  public Duration workersTime() {
    return workers.stream().map(ChildProcess::processorTime).reduce(Duration.ZERO, Duration::plus);
  }

  /**
   * Stops all processes except the broker. Workers and aggregator disconnect properly; on a broker
   * that was already running, their retained messages are cleared.
   */
  @Override
  public void close() {
    List<ChildProcess> own =
        processes().filter(each -> !broker.process().equals(Optional.of(each))).toList();
    own.forEach(ChildProcess::askToEnd);
    long started = System.nanoTime();
    own.forEach(
        each -> each.end(Math.max(0, END_MILLIS - (System.nanoTime() - started) / 1_000_000)));
    if (broker.process().isEmpty()) {
      FleetWatch.forget(members(), plan.topics(), buses, clientId());
    }
  }
}
