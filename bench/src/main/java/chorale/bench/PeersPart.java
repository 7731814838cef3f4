package chorale.bench;

import chorale.protocol.Bytes;
import chorale.site.Broker;
import chorale.site.Rounds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Chorale beside the pipeline that one would otherwise write in Node.js ({@code bench/peers/node}):
 * the same broker, images and models, all processes sharing this machine, rounds that alternate.
 */
final class PeersPart implements BenchPart {
  @Override
  public String name() {
    return "peers";
  }

  @Override
  public String about() {
    return "Chorale beside the same pipeline in Node.js";
  }

  @Override
  public Optional<String> lacks(BenchSettings settings) {
    Path install = NodeSite.directory().resolveSibling("install-node");
    try {
      Process process = new ProcessBuilder(install.toString()).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return process.waitFor() == 0
          ? Optional.empty()
          : Optional.of(said.lines().reduce((first, last) -> last).orElse(install + " failed"));
    } catch (IOException e) {
      return Optional.of(install + " cannot be run: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("interrupted");
    }
  }

  @Override
  public Findings run(BenchSettings settings) throws Exception {
    FigureList figures = new FigureList();
    List<String> notes = new ArrayList<>();
    Path logs = Files.createTempDirectory("chorale-bench-peers-");
    BenchModels models = BenchModels.open(settings.models());
    Path directory = models.set().directory();
    String largest = models.largest();
    List<PeerComparison.Plan> plans =
        List.of(
            new PeerComparison.Plan("five variants", "five", models.variants(), directory, logs),
            new PeerComparison.Plan(largest + " alone", "one", List.of(largest), directory, logs));
    List<Bytes> images = BenchImages.load();
    try (Broker broker = Broker.start(settings.broker(), logs)) {
      for (PeerComparison.Plan plan : plans) {
        try (PeerComparison sides = PeerComparison.start(plan, broker.uri(), images)) {
          settings.tell(plan.name() + ": both sides answer");
          notes.add(sides.agreement());
          compare(figures, sides, settings);
        }
      }
    }
    notes.add("both sides wait for all votes; response: one request at a time, rate: six");
    return new Findings(figures.figures(), List.of(), notes);
  }

  private static void compare(FigureList figures, PeerComparison sides, BenchSettings settings)
      throws Exception {
    sides.warmUp(settings.either(2_500, 20));
    sides.times(figures, new Rounds.Extent(1, settings.either(15, 2), settings.either(20, 3)));
    sides.rates(figures, settings.either(120, 12), new Rounds.Extent(0, settings.either(10, 1), 1));
  }
}
