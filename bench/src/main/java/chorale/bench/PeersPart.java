package chorale.bench;

import chorale.evaluation.measurement.Rounds;
import chorale.protocol.Bytes;
import chorale.site.LocalSite;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A comparison with the same pipeline in other languages ({@link Peer}): the same broker, images
 * and models, in alternating rounds. All processes share this machine.
 */
final class PeersPart extends BenchPart {
  PeersPart() {
    super("peers", "Chorale against the same pipeline in Node.js and in Python");
  }

  @Override
  Optional<String> lacks(BenchSettings settings) {
    return Arrays.stream(Peer.values()).flatMap(each -> each.install().stream()).findFirst();
  }

  @Override
  Findings run(BenchSettings settings) throws Exception {
    FigureList figures = new FigureList();
    List<String> notes = new ArrayList<>();
    BenchModels models = BenchModels.open(settings.models());
    List<String> largest = List.of(models.largest());
    // Without the bound, which would decide before all have voted; the peers have none.
    Map<String, LocalSite.Plan> plans = new LinkedHashMap<>();
    plans.put("five variants", BenchBroker.site("five", models.variants(), models, 1, false));
    plans.put(models.largest() + " alone", BenchBroker.site("one", largest, models, 1, false));
    List<Bytes> images = BenchImages.load();
    try (BenchBroker broker = BenchBroker.start(settings)) {
      for (Map.Entry<String, LocalSite.Plan> each : plans.entrySet()) {
        try (PeerComparison sides = new PeerComparison(each.getKey(), each.getValue(), broker)) {
          sides.start(images);
          settings.tell(each.getKey() + ": all are ready");
          notes.addAll(sides.agreements());
          compare(figures, sides, settings);
        }
      }
    }
    notes.add("all wait for all votes; response: one request at a time, rate: six");
    return new Findings(figures.figures(), List.of(), notes);
  }

  private static void compare(FigureList figures, PeerComparison sides, BenchSettings settings)
      throws Exception {
    sides.warmUp(settings.either(2_500, 20));
    sides.times(figures, new Rounds.Extent(1, settings.either(15, 2), settings.either(20, 3)));
    sides.rates(figures, settings.either(120, 12), new Rounds.Extent(0, settings.either(10, 1), 1));
  }
}
