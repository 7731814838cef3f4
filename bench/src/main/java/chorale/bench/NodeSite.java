package chorale.bench;

import chorale.site.MeasurementException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A site of the Node.js peer: an aggregator and a worker for each network, as processes that end
 * with this one. Used by one thread; close it.
 */
final class NodeSite implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final String name;
  private final URI broker;
  private final Path models;
  private final List<Process> processes = new ArrayList<>();

  private NodeSite(String name, URI broker, Path models) {
    this.name = name;
    this.broker = broker;
    this.models = models;
  }

  /** Where the peer's sources lie, and its dependencies once they are installed. */
  static Path directory() {
    return BenchSettings.home("bench", "peers", "node");
  }

  /** Starts the processes, and returns once all of them are subscribed. */
  static NodeSite start(String name, List<String> networks, URI broker, Path models)
      throws IOException, MeasurementException, InterruptedException {
    NodeSite site = new NodeSite(name, broker, models);
    try {
      site.start("aggregator.js", "--expect", String.valueOf(networks.size()));
      for (String network : networks) {
        site.start("worker.js", "--variant", network);
      }
      for (Process process : site.processes) {
        awaitReady(process);
      }
      return site;
    } catch (IOException | MeasurementException | InterruptedException | RuntimeException e) {
      site.close();
      throw e;
    }
  }

  private void start(String script, String... own) throws IOException {
    List<String> command = new ArrayList<>(List.of("node", script));
    command.addAll(List.of(own));
    command.addAll(List.of("--site", name, "--broker", broker.toString()));
    command.addAll(List.of("--models", models.toAbsolutePath().toString()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(directory().toFile());
    builder.redirectErrorStream(true);
    builder.environment().put("ORT_DISABLE_TELEMETRY", "1");
    processes.add(builder.start());
  }

  /** It says so in its first line; whatever else it says there is why it does not serve. */
  private static void awaitReady(Process process)
      throws MeasurementException, InterruptedException {
    CompletableFuture<String> line =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return String.valueOf(
                    new BufferedReader(
                            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
                        .readLine());
              } catch (IOException e) {
                return String.valueOf(e.getMessage());
              }
            });
    String said;
    try {
      said = line.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      said = "nothing for " + PATIENCE.toSeconds() + " s";
    } catch (ExecutionException e) {
      said = String.valueOf(e.getCause());
    }
    if (!said.equals("ready")) {
      throw new MeasurementException("the Node.js peer does not start; it says: " + said);
    }
  }

  @Override
  public void close() {
    processes.forEach(Process::destroy);
  }
}
