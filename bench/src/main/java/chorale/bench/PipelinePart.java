package chorale.bench;

import chorale.evaluation.measurement.MeasurementException;
import chorale.evaluation.measurement.Rounds;
import chorale.evaluation.measurement.WireWatch;
import chorale.evaluation.report.DistributionPlot;
import chorale.evaluation.report.Plot;
import chorale.protocol.Bytes;
import chorale.protocol.bus.BusFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A measurement from publishing an image to receiving its result, with all processes on this
 * machine: response times in a closed loop, the overhead of the network, throughput, and response
 * times under load.
 */
final class PipelinePart extends BenchPart {
  /** Frames in flight during the throughput measurement. */
  private static final int IN_FLIGHT = 8;

  /**
   * Frames of a system in a row, because its processes are slower at first after the others' turns.
   */
  private static final int TURNS = 150;

  PipelinePart() {
    super("pipeline", "from publishing an image to receiving its result, all on this machine");
  }

  @Override
  Optional<String> lacks(BenchSettings settings) {
    return BenchModels.lackOfReference(settings.models());
  }

  @Override
  Findings run(BenchSettings settings) throws Exception {
    BenchModels models = BenchModels.open(settings.models());
    List<Bytes> images = BenchImages.load();
    List<BareBoard> bare = BareBoard.openAll(models, images, 1);
    try (BenchBroker broker = BenchBroker.start(settings);
        Systems systems = new Systems(new Systems.Plan(models, images, 1, 5), broker);
        BareLoops loops = new BareLoops(models, images, settings.either(120, 10))) {
      systems.start(settings);
      settings.tell("warming up");
      systems.warmUp(settings.either(80_000, 500));
      List<Integer> sizes = messageSizes(systems, models.largest());
      Rounds alone = alone(settings, systems, bare, broker.buses(), sizes);
      Rounds rates = rates(settings, systems, loops);
      settings.tell("open loop");
      LoadCurves curves = LoadCurves.measure(systems, models, settings);
      List<Figure> figures = new ArrayList<>(new PipelineFigures(models, alone, rates).all());
      figures.addAll(curves.figures());
      List<Plot> plots = new ArrayList<>(List.of(plot(models, alone)));
      plots.addAll(curves.plots());
      return new Findings(figures, plots, notes(sizes));
    } finally {
      bare.forEach(BareBoard::close);
    }
  }

  /** Returns the sizes of a frame, a reply and a result on the site of one variant. */
  private static List<Integer> messageSizes(Systems systems, String variant)
      throws MeasurementException, InterruptedException {
    try (WireWatch watch = systems.watch(variant)) {
      var unused = systems.live(variant).sample(0);
      watch.drain(500_000_000L);
      return List.of(WireWatch.Kind.INPUT, WireWatch.Kind.REPLY, WireWatch.Kind.RESULT).stream()
          .map(kind -> (int) watch.bytes(kind))
          .toList();
    }
  }

  private static Rounds alone(
      BenchSettings settings,
      Systems systems,
      List<BareBoard> bare,
      BusFactory buses,
      List<Integer> sizes)
      throws MeasurementException, InterruptedException {
    settings.tell("closed loop");
    try (BareHops hops = new BareHops(sizes)) {
      hops.start(buses);
      List<Rounds.Subject> subjects = new ArrayList<>(systems.live());
      subjects.addAll(bare);
      subjects.add(hops);
      return Rounds.run(
          subjects, new Rounds.Extent(1, settings.either(8, 1), settings.either(TURNS, 1)));
    }
  }

  private static Rounds rates(BenchSettings settings, Systems systems, BareLoops loops)
      throws MeasurementException, InterruptedException {
    settings.tell("throughput");
    LiveSystem fleet = systems.live(Systems.BY_ALL);
    // Warm up like the loops: code that runs once a frame is compiled late.
    var unused = new Throughput(fleet, IN_FLIGHT, settings.either(6_000, 10)).sample(0);
    Throughput load = new Throughput(fleet, IN_FLIGHT, loops.count());
    return Rounds.run(
        List.of(loops, new WithProcessorTime(systems, load)),
        new Rounds.Extent(1, settings.either(5, 1), 1));
  }

  /** A load that also measures the processor time of each role, in ms an image. */
  private record WithProcessorTime(Systems systems, Throughput load) implements Rounds.Subject {
    @Override
    public String name() {
      return load.name();
    }

    @Override
    public Map<String, Double> sample(int turn) throws MeasurementException, InterruptedException {
      Map<String, Double> before = systems.processorMillis(name());
      Map<String, Double> values = new HashMap<>(load.sample(turn));
      Map<String, Double> after = systems.processorMillis(name());
      after.forEach((role, millis) -> values.put(role, (millis - before.get(role)) / load.count()));
      return values;
    }
  }

  private static Plot plot(BenchModels models, Rounds alone) {
    String first = models.variants().get(0);
    return DistributionPlot.of(
        "pipeline-response",
        "Response times, all on this machine, one frame at a time",
        LiveSystem.responses(
            alone, List.of(first, models.largest(), Systems.BY_ALL, models.reference())));
  }

  private static List<String> notes(List<Integer> sizes) {
    return List.of(
        "Response: the time from handing a frame to the client to reading its result. Closed"
            + " loop: the next frame is published when the result is there. Each ratio is"
            + " formed within a round; rounds alternate over all systems.",
        "D: decode and resize; I: inference. 'end to end - D - I' uses the worker's times of"
            + " the same frame. 'alone' is the worker's classifier on one thread of this process,"
            + " in processor time, in the same rounds.",
        "Bare hops: three clients pass on messages of "
            + String.join(", ", sizes.stream().map(String::valueOf).toList())
            + " bytes (frame, reply, result) at QoS 1, without other work.",
        "Throughput: "
            + IN_FLIGHT
            + " frames in flight, each answered by all five. Loops side by side: the same"
            + " decoding and inference on five threads, without messages.");
  }
}
