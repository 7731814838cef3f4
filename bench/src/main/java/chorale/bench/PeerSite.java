package chorale.bench;

import chorale.site.Board;
import chorale.site.ChildProcess;
import chorale.site.SiteException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A site of a peer: an aggregator and a worker for each board, as child processes that end with
 * this one. Owned by one thread.
 */
final class PeerSite implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long POLL_MILLIS = 50;

  private final Peer peer;
  private final String name;
  private final BenchBroker broker;

  /** The processes by log file. */
  private final Map<Path, ChildProcess> processes = new LinkedHashMap<>();

  PeerSite(Peer peer, String name, BenchBroker broker) {
    this.peer = peer;
    this.name = name;
    this.broker = broker;
  }

  /** Starts the processes, and returns once all are subscribed. */
  void start(List<Board> boards, Path models)
      throws IOException, SiteException, InterruptedException {
    start("aggregator", models, "--expect", String.valueOf(boards.size()));
    for (Board board : boards) {
      start("worker", models, "--variant", board.name());
    }
    long started = System.nanoTime();
    for (Map.Entry<Path, ChildProcess> each : processes.entrySet()) {
      while (!Files.readString(each.getKey()).contains("ready")) {
        boolean late = System.nanoTime() - started > PATIENCE.toNanos();
        if (late || !each.getValue().isAlive()) {
          throw each.getValue().failure("did not become ready");
        }
        Thread.sleep(POLL_MILLIS);
      }
    }
  }

  private void start(String role, Path models, String... own) throws IOException {
    List<String> command = new ArrayList<>(peer.command(role));
    command.addAll(List.of(own));
    command.addAll(List.of("--site", name));
    command.addAll(broker.arguments());
    command.addAll(List.of("--models", models.toAbsolutePath().toString()));
    ProcessBuilder builder = new ProcessBuilder(command).directory(peer.directory().toFile());
    builder.environment().putAll(broker.environment());
    builder.environment().put("ORT_DISABLE_TELEMETRY", "1");
    String process = name + '-' + role + '-' + processes.size();
    processes.put(
        broker.folder().resolve(process + ".log"),
        ChildProcess.start(process, builder, broker.folder()));
  }

  @Override
  public void close() {
    processes.values().forEach(each -> each.end(0));
  }
}
