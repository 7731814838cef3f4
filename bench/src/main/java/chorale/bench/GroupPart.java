package chorale.bench;

import chorale.bench.Figure.Target;
import chorale.evaluation.measurement.Camera;
import chorale.evaluation.measurement.Rounds;
import chorale.site.ChildProcess;
import chorale.site.LocalSite;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a group of aggregators costs: the rate and the response of a fleet with three aggregators
 * against one, all on this machine; and how warm a site is when it is ready.
 */
final class GroupPart extends BenchPart {
  private static final int IN_FLIGHT = 8;
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
      return findings(live.get(0).name(), live.get(1).name(), responses, rates, firsts);
    }
  }

  /** Of sites that have just become ready, all of whose processes are new. */
  private static List<Double> firstOverHundredth(
      BenchBroker broker, BenchModels models, BenchSettings settings) throws Exception {
    List<Double> ratios = new ArrayList<>();
    for (int run = 0; run < settings.either(7, 1); run++) {
      String name = "bench-fresh-" + run;
      settings.tell("waiting for " + name);
      try (Camera camera = broker.camera(name);
          LocalSite site =
              broker.start(BenchBroker.site(name, models.variants(), models, 1, false))) {
        camera.awaitSubscribed();
        var unused = site.awaitReady(() -> false);
        LiveSystem fresh = new LiveSystem(name, camera, BenchImages.load(), 0);
        List<Double> responses = new ArrayList<>();
        for (int turn = 0; turn < settings.either(110, 3); turn++) {
          responses.add(fresh.sample(turn).get(LiveSystem.RESPONSE));
        }
        ratios.add(responses.get(0) / WorkerPart.hundredth(responses));
      }
    }
    return ratios;
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

  private static Findings findings(
      String one, String three, Rounds responses, Rounds rates, List<Double> firsts) {
    FigureList figures = new FigureList();
    compare(figures, "response", "ms", responses, LiveSystem.RESPONSE, one, three);
    compare(figures, "rate", "frames/s", rates, Throughput.RATE, one, three);
    figures.judged("first response of a site over its hundredth", "x", Target.atMost(2), firsts);
    return new Findings(
        figures.figures(),
        List.of(),
        List.of(
            "Responses one frame at a time, rates with "
                + IN_FLIGHT
                + ", every frame answered by all variants; the processors of this machine are"
                + " shared by the broker, the workers and all aggregators. The first response is that of a"
                + " site that has just become ready, the hundredth's the median of the 90th to the"
                + " 110th."));
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
