package chorale.cli;

import chorale.protocol.Fleet.Member;
import chorale.protocol.Role;
import chorale.protocol.Topics;
import chorale.protocol.WorkerInfo;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.ServiceEndedException;
import chorale.site.Child;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A whole site on this machine: broker, aggregator and a worker for each board, as processes of
 * their own that end with this one. Used by one thread; close it.
 */
final class DemoSite implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** For what the aggregator hears later than we do. */
  private static final long SETTLE_MILLIS = 200;

  private static final long END_MILLIS = 3_000;

  private final Plan plan;
  private final BusFactory buses;
  private final Path folder;
  private final List<Child> essential = new ArrayList<>();
  private final List<Child> workers = new ArrayList<>();
  private final Set<Child> reported = new HashSet<>();
  private Optional<Child> broker = Optional.empty();
  private boolean logsWanted = true;

  /**
   * @param name of the aggregator, and the beginning of the workers'; alone on its broker
   * @param port of the broker to start, on loopback; none where one runs already
   * @param broker where it is
   */
  record Plan(
      String name,
      Topics topics,
      Optional<Integer> port,
      URI broker,
      List<Board> boards,
      Path models,
      Arguments arguments) {
    Plan {
      boards = List.copyOf(boards);
    }
  }

  /**
   * What the processes are told besides their own tasks.
   *
   * @param common of every child: site, configuration file
   * @param aggregator of the aggregator alone
   * @param workers of every worker
   */
  record Arguments(List<String> common, List<String> aggregator, List<String> workers) {
    Arguments {
      common = List.copyOf(common);
      aggregator = List.copyOf(aggregator);
      workers = List.copyOf(workers);
    }
  }

  private DemoSite(Plan plan, BusFactory buses, Path folder) {
    this.plan = plan;
    this.buses = buses;
    this.folder = folder;
  }

  /**
   * Starts all processes; they are not ready yet.
   *
   * @param buses to the broker of the plan
   */
  static DemoSite start(Plan plan, BusFactory buses) throws IOException {
    DemoSite site = new DemoSite(plan, buses, Files.createTempDirectory("chorale-demo-"));
    try {
      site.startChildren();
      return site;
    } catch (IOException | RuntimeException e) {
      site.close();
      throw e;
    }
  }

  private void startChildren() throws IOException {
    if (plan.port().isPresent()) {
      broker =
          Optional.of(
              start(
                  "broker",
                  384,
                  arguments(
                      "broker",
                      plan.broker(),
                      List.of("--port", plan.port().get().toString(), "--web-socket-port", "0"))));
      essential.add(broker.get());
    }
    List<String> own = new ArrayList<>(plan.arguments().aggregator());
    own.addAll(List.of("--name", plan.name()));
    essential.add(start("aggregator", 128, arguments("aggregator", plan.broker(), own)));
    for (Board board : plan.boards()) {
      URI reached = board.broker().orElse(plan.broker());
      workers.add(
          start(processName(board), 192, arguments("worker", reached, workerArguments(board))));
    }
  }

  private List<String> workerArguments(Board board) {
    List<String> own = new ArrayList<>(plan.arguments().workers());
    own.addAll(board.arguments());
    own.addAll(List.of("--name", workerName(board)));
    own.addAll(List.of("--models", plan.models().toString()));
    return own;
  }

  private Child start(String name, int heapMegabytes, List<String> arguments) throws IOException {
    return Child.start(new Child.Plan(name, heapMegabytes, arguments, Map.of()), folder);
  }

  private List<String> arguments(String command, URI broker, List<String> own) {
    List<String> reached = List.of("--broker", broker.toString());
    return Stream.of(List.of(command), own, reached, plan.arguments().common())
        .flatMap(List::stream)
        .toList();
  }

  private String clientId() {
    return "chorale-watch-" + plan.name();
  }

  private static String processName(Board board) {
    return "worker-" + board.name();
  }

  /** As its replies name it. */
  String workerName(Board board) {
    return plan.name() + '-' + board.name();
  }

  /**
   * Waits until the aggregator and all workers have announced themselves.
   *
   * @return what the workers say of themselves; not all, where a stop came first
   * @throws CommandException one ended or was not ready in time; with the last lines of its log
   */
  List<WorkerInfo> awaitReady(Stop stop)
      throws CommandException, ServiceEndedException, InterruptedException {
    List<Member> expected = members();
    long started = System.nanoTime();
    BooleanSupplier hopeless =
        () ->
            children().anyMatch(child -> !child.isAlive())
                || System.nanoTime() - started > PATIENCE.toNanos();
    awaitPort(() -> stop.isRequested() || hopeless.getAsBoolean());
    try (FleetWatch fleet = new FleetWatch(plan.topics(), buses, clientId())) {
      ServiceLoop.run(
          fleet, stop, () -> fleet.missing(expected).isEmpty() || hopeless.getAsBoolean());
      if (stop.isRequested()) {
        return fleet.workers();
      }
      Optional<Child> dead = children().filter(child -> !child.isAlive()).findFirst();
      if (dead.isPresent()) {
        throw failure(dead.get(), dead.get().ending() + " before it was ready");
      }
      List<Member> missing = fleet.missing(expected);
      if (!missing.isEmpty()) {
        Child late = fleet.isConnected() ? child(missing.get(0)) : essential.get(0);
        throw failure(
            late,
            "was not ready within "
                + PATIENCE.toSeconds()
                + " s (not ready: "
                + missing.stream().map(Member::name).collect(Collectors.joining(", "))
                + ")");
      }
      Thread.sleep(SETTLE_MILLIS);
      return fleet.workers();
    }
  }

  /** Until our broker listens; to connect earlier would only log that it does not. */
  private void awaitPort(BooleanSupplier noLonger) throws InterruptedException {
    while (plan.port().isPresent() && !noLonger.getAsBoolean()) {
      try {
        new Socket(InetAddress.getLoopbackAddress(), plan.port().get()).close();
        return;
      } catch (IOException e) {
        Thread.sleep(SETTLE_MILLIS);
      }
    }
  }

  private List<Member> members() {
    List<Member> members = new ArrayList<>();
    members.add(new Member(Role.AGGREGATOR, plan.name()));
    plan.boards().forEach(each -> members.add(new Member(Role.WORKER, workerName(each))));
    return members;
  }

  private Stream<Child> children() {
    return Stream.concat(essential.stream(), workers.stream());
  }

  private Child child(Member member) {
    return plan.boards().stream()
        .filter(board -> member.equals(new Member(Role.WORKER, workerName(board))))
        .flatMap(board -> workers.stream().filter(each -> each.name().equals(processName(board))))
        .findFirst()
        .orElse(essential.get(essential.size() - 1));
  }

  /** Runs the action when any process ends, on another thread. */
  void onAnyExit(Runnable action) {
    children().forEach(child -> child.onExit(action));
  }

  /** Ends a board's worker as a loss of power would. */
  void kill(Board board) {
    workers.stream().filter(each -> each.name().equals(processName(board))).forEach(Child::kill);
  }

  /** Whether broker and aggregator are there; without them nothing is answered. */
  boolean isUp() {
    return essential.stream().allMatch(Child::isAlive);
  }

  /**
   * @throws CommandException broker or aggregator have ended
   */
  void requireUp() throws CommandException {
    for (Child child : essential) {
      if (!child.isAlive()) {
        throw failure(child, child.ending());
      }
    }
  }

  /** Tells once of each worker that has ended: the run goes on without it. */
  void reportExits(Consumer<String> reporter) {
    for (Child worker : workers) {
      if (!worker.isAlive() && reported.add(worker)) {
        reporter.accept(worker.name() + " " + worker.ending() + "; the run goes on without it");
      }
    }
  }

  private CommandException failure(Child child, String what) {
    return CommandException.failure(
        child.name()
            + ' '
            + what
            + "; its last lines:"
            + System.lineSeparator()
            + child.lastLines(12));
  }

  /** All went well: the logs go, unless a worker has ended. */
  void dropLogs() {
    logsWanted = !reported.isEmpty();
  }

  /** Where the logs are, if they are kept. */
  Optional<Path> keptLogs() {
    return logsWanted ? Optional.of(folder) : Optional.empty();
  }

  /**
   * Ends all processes: workers and aggregator say farewell; our own broker, which holds nothing
   * worth keeping, is not asked, and an external one forgets that they were there.
   */
  @Override
  public void close() {
    children().filter(child -> !broker.equals(Optional.of(child))).forEach(Child::askToEnd);
    long started = System.nanoTime();
    children()
        .filter(child -> !broker.equals(Optional.of(child)))
        .forEach(
            child ->
                child.end(Math.max(0, END_MILLIS - (System.nanoTime() - started) / 1_000_000)));
    broker.ifPresent(child -> child.end(0));
    if (plan.port().isEmpty()) {
      FleetWatch.forget(members(), plan.topics(), buses, clientId());
    }
    if (!logsWanted) {
      delete(folder);
    }
  }

  static void delete(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException | UncheckedIOException e) {
      System.getLogger(DemoSite.class.getName())
          .log(System.Logger.Level.DEBUG, "{0} stays: {1}", folder, e.getMessage());
    }
  }
}
