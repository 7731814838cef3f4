package chorale.bench;

import chorale.evaluation.measurement.MeasurementException;
import chorale.evaluation.measurement.Rounds;
import chorale.site.LocalBroker;
import chorale.site.SiteException;
import chorale.variants.ModelSet;
import chorale.variants.ModelSetException;
import chorale.variants.VariantManifest;
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
final class Peers implements Part {
  @Override
  public String name() {
    return "peers";
  }

  @Override
  public String about() {
    return "Chorale beside the same pipeline in Node.js";
  }

  @Override
  public Optional<String> lacks(Settings settings) {
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
  public Findings run(Settings settings) throws BenchException, InterruptedException {
    List<Figure> figures = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    try {
      Path logs = Files.createTempDirectory("chorale-bench-peers-");
      ModelSet set = ModelSet.load(settings.models());
      List<String> variants = set.variants().stream().map(VariantManifest::id).toList();
      String surest = variants.get(variants.size() - 1);
      List<PeerComparison.Plan> plans =
          List.of(
              new PeerComparison.Plan("five variants", "five", variants, set.directory(), logs),
              new PeerComparison.Plan(
                  surest + " alone", "one", List.of(surest), set.directory(), logs));
      try (LocalBroker broker = LocalBroker.start(settings.broker(), logs)) {
        for (PeerComparison.Plan plan : plans) {
          try (PeerComparison fleet = new PeerComparison(plan, broker, Pictures.load())) {
            settings.tell(plan.name() + ": both sides answer");
            notes.add(fleet.agreement());
            fleet.warmUp(settings.either(2_500, 20));
            Rounds.Extent oneByOne =
                new Rounds.Extent(1, settings.either(15, 2), settings.either(20, 3));
            Rounds.Extent loaded = new Rounds.Extent(0, settings.either(10, 1), 1);
            figures.addAll(fleet.times(oneByOne));
            figures.addAll(fleet.rates(settings.either(120, 12), loaded));
          }
        }
      }
    } catch (IOException | ModelSetException | MeasurementException | SiteException e) {
      throw new BenchException("peers: " + e.getMessage(), e);
    }
    notes.add("both sides wait for all votes; response: one request at a time, rate: six");
    return new Findings(figures, List.of(), notes);
  }
}
