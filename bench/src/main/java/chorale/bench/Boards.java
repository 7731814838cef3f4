package chorale.bench;

import chorale.bench.Figure.Target;
import chorale.evaluation.measurement.MeasurementException;
import chorale.evaluation.measurement.Rounds;
import chorale.protocol.Bytes;
import chorale.variants.ModelSet;
import chorale.variants.VariantManifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The poster's response-time table, end to end: every system on boards of its own. The boards are
 * emulated: each worker waits after its work as long as a slower board would have gone on, so that
 * they do not fight over this machine's cores.
 */
final class Boards implements Part {
  /** What the issue asks for, by variant. */
  private static final Map<String, Double> ALONE =
      Map.of("V1", 7.0, "V2", 5.5, "V3", 4.3, "V4", 3.3, "V5", 2.6);

  private static final Map<String, Double> RIGHT_SIZED =
      Map.of("V1", 10.0, "V2", 7.0, "V3", 5.0, "V4", 3.6, "V5", 2.7);

  private static final double OF_IDEAL = .95;

  @Override
  public String name() {
    return "boards";
  }

  @Override
  public String about() {
    return "response times on emulated boards: each variant and all together against the reference";
  }

  @Override
  public Optional<String> lacks(Settings settings) {
    return Models.lackOfReference(settings);
  }

  @Override
  public Findings run(Settings settings) throws BenchException, InterruptedException {
    ModelSet set = Models.open(settings.models());
    List<Bytes> images = Pictures.load();
    int factor = settings.either(settings.boardFactor(), 2);
    List<BareBoard> bare = new ArrayList<>();
    try (Systems systems =
        Systems.start(settings, new Systems.Plan(set, images, factor, 3 * factor))) {
      String reference = Systems.reference(set);
      List<Rounds.Subject> subjects = new ArrayList<>(systems.live());
      bare.add(BareBoard.open(set, reference, images, factor));
      for (VariantManifest each : set.variants()) {
        bare.add(BareBoard.open(set, each.id(), images, factor));
      }
      for (int i = 0; i < set.variants().size(); i++) {
        VariantManifest variant = set.variants().get(i);
        List<Bytes> sized = Pictures.rightSized(images, variant.inputSize());
        subjects.add(systems.live(variant.id()).about(sized(variant.id()), sized));
        subjects.add(bare.get(i + 1).about(sized(variant.id()), sized));
      }
      subjects.addAll(bare);
      settings.tell("warming up");
      systems.warmUp(settings.either(60_000, 500));
      settings.tell("measuring");
      Rounds rounds =
          Rounds.run(subjects, new Rounds.Extent(1, settings.either(6, 1), settings.either(10, 1)));
      systems.dropLogs();
      return findings(set, rounds, factor);
    } catch (MeasurementException e) {
      throw new BenchException(e.getMessage(), e);
    } finally {
      bare.forEach(BareBoard::close);
    }
  }

  private static String sized(String variant) {
    return variant + " right-sized";
  }

  private static Findings findings(ModelSet set, Rounds rounds, int factor) {
    List<Figure> figures = new ArrayList<>();
    String reference = Systems.reference(set);
    List<Double> slow = rounds.medians(reference, LiveSystem.RESPONSE);
    List<Double> slowWork = rounds.medians(BareBoard.name(reference), BareBoard.WORK);
    figures.add(Figure.known(reference + ", response", "ms", Spread.of(slow)));
    for (VariantManifest each : set.variants()) {
      String id = each.id();
      List<Double> fast = rounds.medians(id, LiveSystem.RESPONSE);
      figures.add(Figure.known(id + ", response", "ms", Spread.of(fast)));
      figures.add(ratio(id + " against the reference", ALONE.get(id), slow, fast));
      List<Double> ideal = Ratios.of(slowWork, rounds.medians(BareBoard.name(id), BareBoard.WORK));
      figures.add(Figure.known(id + ", (D + I_ref)/(D + I_v)", "x", Spread.of(ideal)));
      figures.add(
          Figure.judged(
              id + ", share of (D + I_ref)/(D + I_v)",
              "",
              Target.atLeast(OF_IDEAL),
              Spread.of(Ratios.of(Ratios.of(slow, fast), ideal))));
    }
    for (VariantManifest each : set.variants()) {
      List<Double> fast = rounds.medians(sized(each.id()), LiveSystem.RESPONSE);
      figures.add(Figure.known(sized(each.id()) + ", response", "ms", Spread.of(fast)));
      figures.add(
          ratio(
              sized(each.id()) + " against the reference", RIGHT_SIZED.get(each.id()), slow, fast));
    }
    for (String together : List.of(Systems.BY_ALL, Systems.BY_BOUND)) {
      List<Double> fast = rounds.medians(together, LiveSystem.RESPONSE);
      figures.add(Figure.known(together + ", response", "ms", Spread.of(fast)));
      figures.add(
          ratio(
              together + ", against the reference",
              together.equals(Systems.BY_ALL) ? 2.5 : 3.2,
              slow,
              fast));
    }
    for (String network : Pipeline.networks(set)) {
      figures.add(alone(network, BareBoard.DECODE, rounds));
      figures.add(alone(network, BareBoard.INFERENCE, rounds));
    }
    return new Findings(
        figures,
        List.of(
            Distribution.plot(
                "boards-response",
                "Response times on emulated boards, " + factor + " times slower than this machine",
                systems(set, rounds))),
        List.of(
            "Emulated boards: after each image a worker waits "
                + (factor - 1)
                + " times the processor time that it took. Network and broker run at this machine's"
                + " speed.",
            "Response: from a frame handed to the client to its result read. One frame at a time;"
                + " ratios are of one round, rounds alternate over all systems.",
            "D + I: decode and resize, and inference, of the worker's classifier alone in one"
                + " thread at the pace of such a board, in processor time."));
  }

  private static Map<String, List<Double>> systems(ModelSet set, Rounds rounds) {
    Map<String, List<Double>> systems = new java.util.LinkedHashMap<>();
    systems.put("V1", rounds.all(set.variants().get(0).id(), LiveSystem.RESPONSE));
    systems.put(Systems.BY_BOUND, rounds.all(Systems.BY_BOUND, LiveSystem.RESPONSE));
    systems.put(Systems.BY_ALL, rounds.all(Systems.BY_ALL, LiveSystem.RESPONSE));
    systems.put("reference", rounds.all(Systems.reference(set), LiveSystem.RESPONSE));
    return systems;
  }

  private static Figure ratio(String name, Double target, List<Double> slow, List<Double> fast) {
    Spread measured = Spread.of(Ratios.of(slow, fast));
    return new Figure(name, "x", Optional.ofNullable(target).map(Target::atLeast), measured);
  }

  private static Figure alone(String network, String measure, Rounds rounds) {
    return Figure.known(
        network + ", " + measure + " alone",
        "ms",
        Spread.of(rounds.medians(BareBoard.name(network), measure)));
  }
}
