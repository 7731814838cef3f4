package chorale.bench;

import chorale.bench.Figure.Target;
import chorale.evaluation.measurement.MeasurementException;
import chorale.evaluation.measurement.Response;
import chorale.evaluation.measurement.Rounds;
import chorale.protocol.Bytes;
import chorale.protocol.bus.BusFactory;
import chorale.variants.ModelSet;
import chorale.variants.VariantManifest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The whole way from an image published to its result received, where all processes share this
 * machine: response times in the closed loop, what the network adds, throughput.
 */
final class Pipeline implements Part {
  /** Frames at a time where throughput is measured: fewer than a worker's queue holds. */
  private static final int IN_FLIGHT = 8;

  /** Frames in a row: the processes of a system are slower at first, after the others' turns. */
  private static final int TURNS = 150;

  private static final String THROUGHPUT = "all together, many at a time";

  private static final String HOPS = "bare hops";

  private static final String WORKING_HOPS = "working hops";

  private static final String HOPS_APART = "working hops in processes";

  @Override
  public String name() {
    return "pipeline";
  }

  @Override
  public String about() {
    return "from an image published to its result received, all on this machine";
  }

  @Override
  public Optional<String> lacks(Settings settings) {
    return Models.lackOfReference(settings);
  }

  @Override
  public Findings run(Settings settings) throws BenchException, InterruptedException {
    ModelSet set = Models.open(settings.models());
    List<Bytes> images = Pictures.load();
    List<BareBoard> bare = new ArrayList<>();
    try (Systems systems = Systems.start(settings, new Systems.Plan(set, images, 1, 5));
        SideBySide loops = new SideBySide(set, images, settings.either(120, 10));
        Apart apart = Apart.start(settings.models(), set, loops.count())) {
      for (String each : networks(set)) {
        bare.add(BareBoard.open(set, each, images, 1));
      }
      VariantManifest largest = set.variants().get(set.variants().size() - 1);
      settings.tell("warming up");
      systems.warmUp(settings.either(80_000, 500));
      apart.warmUp(settings.either(20_000, 20));
      List<Bytes> payloads =
          MessageSizes.of(systems.live(largest.id()), "bench-" + largest.id(), systems.buses());
      BusFactory buses = systems.buses();
      try (BareBoard board = BareBoard.open(set, largest.id(), images, 1);
          HopChain hops = HopChain.bare(buses, HOPS, payloads);
          HopChain working = HopChain.working(buses, WORKING_HOPS, payloads, board);
          HopChain processes =
              HopChain.apart(
                  buses,
                  systems.brokerUri(),
                  HOPS_APART,
                  payloads,
                  settings.models(),
                  largest.id())) {
        processes.warmUp(settings.either(6_000, 10));
        settings.tell("closed loop");
        List<Rounds.Subject> subjects = new ArrayList<>(systems.live());
        subjects.addAll(bare);
        subjects.addAll(List.of(hops, working, processes));
        Rounds alone =
            Rounds.run(
                subjects,
                new Rounds.Extent(
                    settings.either(1, 1), settings.either(8, 1), settings.either(TURNS, 1)));
        settings.tell("throughput");
        // As warm as the loops: Java compiles for long what is called once a frame.
        new ManyAtATime(systems, settings.either(6_000, 10)).sample(0);
        Rounds rates =
            Rounds.run(
                List.of(
                    loops.free(),
                    loops.inStep(IN_FLIGHT),
                    apart,
                    new ManyAtATime(systems, loops.count())),
                new Rounds.Extent(1, settings.either(5, 1), 1));
        settings.tell("open loop");
        LoadCurves curves = LoadCurves.measure(systems, set, settings);
        systems.dropLogs();
        return findings(set, alone, rates, curves, payloads);
      }
    } catch (MeasurementException e) {
      throw new BenchException(e.getMessage(), e);
    } finally {
      bare.forEach(BareBoard::close);
    }
  }

  static List<String> networks(ModelSet set) {
    return Stream.concat(
            Stream.of(Systems.reference(set)), set.variants().stream().map(VariantManifest::id))
        .toList();
  }

  /** The fleet asked about as many images as the bare loops, several at a time. */
  private record ManyAtATime(Systems systems, int count) implements Rounds.Subject {
    @Override
    public String name() {
      return THROUGHPUT;
    }

    @Override
    public Map<String, Double> sample(int turn) throws MeasurementException, InterruptedException {
      LiveSystem fleet = systems.live(Systems.BY_ALL);
      List<Bytes> images =
          IntStream.range(0, count)
              .mapToObj(i -> fleet.images().get(i % fleet.images().size()))
              .toList();
      Map<String, Double> before = systems.processorMillis(fleet.name());
      long start = System.nanoTime();
      List<Response> responses = fleet.camera().askMany(images, IN_FLIGHT);
      double seconds = (System.nanoTime() - start) / 1e9;
      Map<String, Double> values = new HashMap<>();
      systems
          .processorMillis(fleet.name())
          .forEach(
              (who, after) -> values.put(who, (after - before.getOrDefault(who, 0.0)) / count));
      values.put(
          SideBySide.RATE, responses.stream().filter(Response::isAnswered).count() / seconds);
      return values;
    }
  }

  private static Findings findings(
      ModelSet set, Rounds alone, Rounds rates, LoadCurves curves, List<Bytes> payloads) {
    List<Figure> figures = new ArrayList<>();
    String reference = Systems.reference(set);
    List<Double> slow = alone.medians(reference, LiveSystem.RESPONSE);
    for (String each : systems(set)) {
      List<Double> response = alone.medians(each, LiveSystem.RESPONSE);
      figures.add(Figure.known(each + ", response", "ms", Spread.of(response)));
      if (!each.equals(reference)) {
        figures.add(
            Figure.known(
                each + " against the reference", "x", Spread.of(Ratios.of(slow, response))));
      }
    }
    for (String each : networks(set)) {
      for (String measure : List.of(BareBoard.DECODE, BareBoard.INFERENCE)) {
        figures.add(
            Figure.known(
                each + ", " + measure + " alone",
                "ms",
                Spread.of(alone.medians(BareBoard.name(each), measure))));
      }
    }
    String largest = set.variants().get(set.variants().size() - 1).id();
    List<Double> hops = alone.medians(HOPS, HopChain.TIME);
    List<Double> overhead = alone.medians(largest, LiveSystem.OVERHEAD);
    figures.add(Figure.known("three bare hops", "ms", Spread.of(hops)));
    figures.add(
        Figure.judged(
            largest + ", (end to end - D - I) over three bare hops",
            "x",
            Target.atMost(1.5),
            Spread.of(Ratios.of(overhead, hops))));
    for (String each : List.of(WORKING_HOPS, HOPS_APART)) {
      List<Double> millis = alone.medians(each, HopChain.TIME);
      figures.add(Figure.known("three " + each, "ms", Spread.of(millis)));
      figures.add(
          Figure.known(
              largest + ", (end to end - D - I) over three " + each,
              "x",
              Spread.of(Ratios.of(overhead, millis))));
    }
    for (String part : List.of(LiveSystem.OUTSIDE, LiveSystem.INSIDE)) {
      figures.add(
          Figure.known(
              largest + ", of that, " + part, "ms", Spread.of(alone.medians(largest, part))));
    }
    figures.add(
        Figure.known(
            largest + ", end to end over D + I (the wish: 1.25)",
            "x",
            Spread.of(
                Ratios.of(
                    alone.medians(largest, LiveSystem.RESPONSE),
                    alone.medians(largest, LiveSystem.WORK)))));
    List<Double> fleet = rates.medians(THROUGHPUT, SideBySide.RATE);
    List<Double> loops = rates.medians(SideBySide.NAME, SideBySide.RATE);
    figures.add(Figure.known("all together, throughput", "images/s", Spread.of(fleet)));
    figures.add(Figure.known("five loops side by side", "images/s", Spread.of(loops)));
    figures.add(
        Figure.known(
            "five loops in step",
            "images/s",
            Spread.of(rates.medians(SideBySide.IN_STEP, SideBySide.RATE))));
    List<Double> apart = rates.medians(Apart.NAME, SideBySide.RATE);
    figures.add(Figure.known("five loops in processes of their own", "images/s", Spread.of(apart)));
    figures.add(
        Figure.judged(
            "throughput over that of the loops side by side",
            "",
            Target.atLeast(.75),
            Spread.of(Ratios.of(fleet, loops))));
    figures.add(
        Figure.known(
            "throughput over that of loops in processes of their own",
            "",
            Spread.of(Ratios.of(fleet, apart))));
    figures.add(
        Figure.known(
            "processor time an image, loops in processes of their own",
            "ms",
            Spread.of(rates.medians(Apart.NAME, Apart.TIME))));
    for (String who : rates.measures(THROUGHPUT)) {
      if (!who.equals(SideBySide.RATE)) {
        figures.add(
            Figure.known(
                "processor time an image, " + who,
                "ms",
                Spread.of(rates.medians(THROUGHPUT, who))));
      }
    }
    figures.addAll(curves.figures());
    Map<String, List<Double>> responses = new LinkedHashMap<>();
    for (String each : List.of(set.variants().get(0).id(), largest, Systems.BY_ALL, reference)) {
      responses.put(each, alone.all(each, LiveSystem.RESPONSE));
    }
    List<Findings.Plot> plots = new ArrayList<>();
    plots.add(
        Distribution.plot(
            "pipeline-response",
            "Response times, all on this machine, one frame at a time",
            responses));
    plots.addAll(curves.plots());
    return new Findings(
        figures,
        plots,
        List.of(
            "Response: from a frame handed to the client to its result read. Closed loop: one frame"
                + " at a time, the next when the result is there; ratios are of one round, rounds"
                + " alternate over all systems.",
            "D: decode and resize; I: inference. End to end less D and I takes what the worker"
                + " measured of that very frame; 'alone': the worker's classifier in one thread of"
                + " this process, processor time, in the same rounds.",
            "Bare hops: three clients pass on messages of "
                + String.join(", ", payloads.stream().map(each -> "" + each.size()).toList())
                + " bytes (frame, reply, result) at QoS 1 and do nothing else; working hops: the second"
                + " decodes and infers each frame first, which is taken off, and the last hears the"
                + " frame too; in processes: each client but the first in one of its own.",
            "Throughput: "
                + IN_FLIGHT
                + " frames at a time, every one answered by all five. Loops side by side: the same"
                + " decoding and inference in five threads and nothing else; in step: none of them"
                + " more than "
                + IN_FLIGHT
                + " images ahead of another; in processes of their own: a process each, with a"
                + " worker's settings of Java."));
  }

  private static List<String> systems(ModelSet set) {
    return Stream.concat(networks(set).stream(), Stream.of(Systems.BY_ALL, Systems.BY_BOUND))
        .toList();
  }
}
