package chorale.bench;

import chorale.bench.Figure.Target;
import chorale.site.ChildProcess;
import chorale.site.LocalSite;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A measurement of a group of aggregators: rate and response of a fleet with three aggregators
 * against one, all on this machine. Also the first response of a new site against a later one.
 */
final class GroupPart extends BenchPart {
  private static final int MEMBERS = 3;
  private static final int HEAP_MEGABYTES = 128;

  GroupPart() {
    super("group", "the rate of a fleet with three aggregators against one; the first frame");
  }

  @Override
  Findings run(BenchSettings settings) throws Exception {
    BenchModels models = BenchModels.open(settings.models());
    try (BenchBroker broker = BenchBroker.start(settings);
        ResourceStack resources = new ResourceStack()) {
      List<Double> firsts = firstOverHundredth(broker, models, settings);
      List<LiveSystem> live = new ArrayList<>();
      for (int members : List.of(1, MEMBERS)) {
        String name = "bench-group-" + members;
        LocalSite.Plan plan = BenchBroker.site(name, models.variants(), models, 1, false);
        live.add(FleetPair.ready(plan, broker, resources, settings));
        for (int other = 2; other <= members; other++) {
          resources.add(member(name, other, broker)::kill);
        }
      }
      FigureList figures = new FigureList();
      figures.judged("first response of a site over its hundredth", "x", Target.atMost(2), firsts);
      new FleetPair(live.get(0), live.get(1))
          .measure(settings, 6)
          .tell(
              figures,
              "one aggregator",
              MEMBERS + " aggregators",
              Optional.empty(),
              Optional.empty());
      return new Findings(
          figures.figures(),
          List.of(),
          List.of(
              FleetPair.NOTE,
              "Broker, workers and all aggregators share this machine's processors. The first"
                  + " response is that of a site that has just become ready. The hundredth is the"
                  + " median of the 90th to the 110th response."));
    }
  }

  /** Measures sites that have just become ready, with new processes only. */
  private static List<Double> firstOverHundredth(
      BenchBroker broker, BenchModels models, BenchSettings settings) throws Exception {
    List<Double> ratios = new ArrayList<>();
    for (int run = 0; run < settings.either(7, 1); run++) {
      String name = "bench-fresh-" + run;
      try (ResourceStack resources = new ResourceStack()) {
        LocalSite.Plan plan = BenchBroker.site(name, models.variants(), models, 1, false);
        LiveSystem fresh = FleetPair.ready(plan, broker, resources, settings);
        List<Double> responses = new ArrayList<>();
        for (int turn = 0; turn < settings.either(110, 3); turn++) {
          responses.add(fresh.sample(turn).get(LiveSystem.RESPONSE));
        }
        ratios.add(responses.get(0) / WorkerPart.hundredth(responses));
      }
    }
    return ratios;
  }

  /** Starts another aggregator of a site. */
  private static ChildProcess member(String site, int number, BenchBroker broker)
      throws IOException {
    String name = site + '-' + number;
    List<String> arguments = new ArrayList<>(List.of("aggregator", "--name", name, "--site", site));
    arguments.addAll(broker.arguments());
    Map<String, String> environment = new HashMap<>(broker.environment());
    environment.put("CHORALE_AGGREGATOR_BOUND", "false");
    return ChildProcess.start(
        new ChildProcess.Plan(name, HEAP_MEGABYTES, arguments, environment), broker.folder());
  }
}
