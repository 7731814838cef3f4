package chorale.bench;

import chorale.evaluation.measurement.Camera;
import chorale.evaluation.measurement.Rounds;
import chorale.site.ChildProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a group of aggregators costs: the rate and the response of a fleet with three aggregators
 * against one, all on this machine.
 */
final class GroupPart extends BenchPart {
  private static final int IN_FLIGHT = 8;
  private static final int MEMBERS = 3;
  private static final int HEAP_MEGABYTES = 128;

  GroupPart() {
    super("group", "the rate of a fleet with three aggregators against one");
  }

  @Override
  Findings run(BenchSettings settings) throws Exception {
    BenchModels models = BenchModels.open(settings.models());
    try (BenchBroker broker = BenchBroker.start(settings);
        ResourceStack resources = new ResourceStack()) {
      List<LiveSystem> live = new ArrayList<>();
      for (int members : List.of(1, MEMBERS)) {
        String name = "bench-group-" + members;
        Camera camera = resources.add(broker.camera(name));
        camera.awaitSubscribed();
        var site =
            resources.add(
                broker.start(BenchBroker.site(name, models.variants(), models, 1, false)));
        for (int other = 2; other <= members; other++) {
          resources.add(member(name, other, broker)::kill);
        }
        settings.tell("waiting for " + name);
        var unused = site.awaitReady(() -> false);
        live.add(new LiveSystem(name, camera, BenchImages.load(), 0));
      }
      settings.tell("warming up");
      for (LiveSystem each : live) {
        var unused = new Throughput(each, IN_FLIGHT, settings.either(6_000, 10)).sample(0);
      }
      settings.tell("measuring");
      Rounds responses =
          Rounds.run(live, new Rounds.Extent(1, settings.either(8, 1), settings.either(150, 1)));
      int count = settings.either(1_000, 10);
      Rounds rates =
          Rounds.run(
              live.stream().map(each -> new Throughput(each, IN_FLIGHT, count)).toList(),
              new Rounds.Extent(0, settings.either(6, 1), 1));
      return findings(live.get(0).name(), live.get(1).name(), responses, rates);
    }
  }

  /** One more aggregator of a site. */
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

  private static Findings findings(String one, String three, Rounds responses, Rounds rates) {
    FigureList figures = new FigureList();
    compare(figures, "response", "ms", responses, LiveSystem.RESPONSE, one, three);
    compare(figures, "rate", "frames/s", rates, Throughput.RATE, one, three);
    return new Findings(
        figures.figures(),
        List.of(),
        List.of(
            "Responses one frame at a time, rates with "
                + IN_FLIGHT
                + ", every frame answered by all variants; the processors of this machine are"
                + " shared by the broker, the workers and all aggregators."));
  }

  private static void compare(
      FigureList figures,
      String name,
      String unit,
      Rounds rounds,
      String key,
      String one,
      String three) {
    List<Double> ofOne = rounds.medians(one, key);
    List<Double> ofThree = rounds.medians(three, key);
    figures.known(name + " with one aggregator", unit, ofOne);
    figures.known(name + " with " + MEMBERS, unit, ofThree);
    figures.known(name + ", " + MEMBERS + " over one", "x", FigureList.ratios(ofThree, ofOne));
  }
}
