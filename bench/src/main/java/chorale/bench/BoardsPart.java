package chorale.bench;

import chorale.evaluation.measurement.Rounds;
import chorale.evaluation.report.DistributionPlot;
import chorale.protocol.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A measurement of end-to-end response times on emulated boards. After its work each worker waits
 * as long as a slower board would still compute, so that boards do not compete for this machine's
 * cores.
 */
final class BoardsPart extends BenchPart {
  BoardsPart() {
    super(
        "boards",
        "response times on emulated boards: each variant and all together against the reference");
  }

  @Override
  Optional<String> lacks(BenchSettings settings) {
    return BenchModels.lackOfReference(settings.models());
  }

  @Override
  Findings run(BenchSettings settings) throws Exception {
    BenchModels models = BenchModels.open(settings.models());
    List<Bytes> images = BenchImages.load();
    int factor = settings.either(settings.boardFactor(), 2);
    List<BareBoard> bare = BareBoard.openAll(models, images, factor);
    Systems.Plan plan = new Systems.Plan(models, images, factor, 3 * factor);
    try (BenchBroker broker = BenchBroker.start(settings);
        Systems systems = new Systems(plan, broker)) {
      systems.start(settings);
      settings.tell("warming up");
      systems.warmUp(settings.either(60_000, 500));
      settings.tell("measuring");
      Rounds rounds =
          Rounds.run(
              subjects(models, systems, bare),
              new Rounds.Extent(1, settings.either(6, 1), settings.either(10, 1)));
      return findings(models, rounds, factor);
    } finally {
      bare.forEach(BareBoard::close);
    }
  }

  private static List<Rounds.Subject> subjects(
      BenchModels models, Systems systems, List<BareBoard> bare) {
    List<Rounds.Subject> subjects = new ArrayList<>(systems.live());
    for (int i = 0; i < models.variants().size(); i++) {
      String variant = models.variants().get(i);
      LiveSystem system = systems.live(variant);
      int input = models.set().variants().get(i).inputSize();
      List<Bytes> sized = BenchImages.rightSized(system.images(), input);
      subjects.add(system.about(BoardFigures.sized(variant), sized));
      // Index 0 is the reference.
      subjects.add(bare.get(i + 1).about(BoardFigures.sized(variant), sized));
    }
    subjects.addAll(bare);
    return subjects;
  }

  private static Findings findings(BenchModels models, Rounds rounds, int factor) {
    String first = models.variants().get(0);
    List<String> plotted = List.of(first, Systems.BY_BOUND, Systems.BY_ALL, models.reference());
    return new Findings(
        BoardFigures.of(models, rounds),
        List.of(
            DistributionPlot.of(
                "boards-response",
                "Response times on emulated boards, " + factor + " times slower than this machine",
                LiveSystem.responses(rounds, plotted))),
        List.of(
            "Emulated boards: a worker runs each image twice, and replies after "
                + factor
                + " times the processor time of the second run. Network and broker run at this"
                + " machine's speed.",
            "Response: the time from handing a frame to the client to reading its result, with one"
                + " frame at a time. Each ratio is formed within a round; rounds alternate over"
                + " all systems.",
            "D + I: the processor time of decode and resize, and of inference, in the worker's"
                + " classifier alone, on one thread at the pace of such a board."));
  }
}
