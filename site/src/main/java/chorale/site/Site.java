package chorale.site;

import chorale.protocol.Bytes;
import chorale.protocol.Result;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A site of real processes: an aggregator and a worker for each network, on a broker that is there
 * already. Used by one thread; close it.
 */
public final class Site implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final long END_MILLIS = 3_000;

  private final Plan plan;

  /** The aggregator, then the workers. */
  private final List<Child> children = new ArrayList<>();

  /**
   * @param name of the site, and the beginning of its processes' names
   * @param networks a worker for each: variants, or the reference
   * @param models the model set's directory
   * @param workerArguments more for each worker
   * @param environment of all its processes, for what has no flag
   */
  public record Plan(
      String name,
      List<String> networks,
      Path models,
      List<String> workerArguments,
      Map<String, String> environment) {
    public Plan {
      networks = List.copyOf(networks);
      workerArguments = List.copyOf(workerArguments);
      environment = Map.copyOf(environment);
    }
  }

  private Site(Plan plan) {
    this.plan = plan;
  }

  /**
   * Starts the processes; they are not ready yet.
   *
   * @param folder gets their logs
   */
  public static Site start(Plan plan, URI broker, Path folder) throws IOException {
    Site site = new Site(plan);
    List<String> common = List.of("--site", plan.name(), "--broker", broker.toString());
    try {
      site.start("aggregator", 128, List.of(common, List.of("--name", plan.name())), folder);
      for (String network : plan.networks()) {
        site.start(
            "worker",
            192,
            List.of(
                common,
                List.of("--variant", network, "--name", plan.name() + '-' + network),
                List.of("--models", plan.models().toString()),
                plan.workerArguments()),
            folder);
      }
      return site;
    } catch (IOException | RuntimeException e) {
      site.close();
      throw e;
    }
  }

  private void start(String command, int heapMegabytes, List<List<String>> options, Path folder)
      throws IOException {
    List<String> arguments =
        Stream.concat(Stream.of(command), options.stream().flatMap(List::stream)).toList();
    String name = plan.name() + '-' + command + (children.isEmpty() ? "" : "-" + children.size());
    children.add(
        Child.start(new Child.Plan(name, heapMegabytes, arguments, plan.environment()), folder));
  }

  /**
   * Asks about an image until a result shows that all networks are there.
   *
   * @throws MeasurementException a process ended, with its last lines, or patience did
   */
  public void awaitReady(Camera camera, Bytes image)
      throws MeasurementException, InterruptedException {
    long started = System.nanoTime();
    Set<String> heard = new HashSet<>();
    while (!heard.containsAll(plan.networks())) {
      for (Child child : children) {
        if (!child.isAlive()) {
          throw new MeasurementException(
              child.name() + ' ' + child.ending() + ":\n" + child.lastLines(12));
        }
      }
      if (System.nanoTime() - started > PATIENCE.toNanos()) {
        throw new MeasurementException(
            "the site "
                + plan.name()
                + " was not ready within "
                + PATIENCE.toSeconds()
                + " s; heard of: "
                + heard);
      }
      camera
          .ask(image)
          .result()
          .ifPresent(
              result ->
                  result.answered().stream().map(Result.Answered::variant).forEach(heard::add));
    }
  }

  /** Processor time of the aggregator so far. */
  public Duration aggregatorTime() {
    return children.get(0).processorTime();
  }

  /** Processor time of all workers so far. */
  public Duration workersTime() {
    return children.stream()
        .skip(1)
        .map(Child::processorTime)
        .reduce(Duration.ZERO, Duration::plus);
  }

  /** The same by the names of their threads, {@link Child#threadTimes}. */
  public Map<String, Duration> workersThreadTimes() {
    Map<String, Duration> times = new TreeMap<>();
    for (Child worker : children.subList(1, children.size())) {
      worker.threadTimes().forEach((name, time) -> times.merge(name, time, Duration::plus));
    }
    return times;
  }

  @Override
  public void close() {
    children.forEach(Child::askToEnd);
    long started = System.nanoTime();
    for (Child child : children) {
      child.end(Math.max(0, END_MILLIS - (System.nanoTime() - started) / 1_000_000));
    }
  }
}
