package chorale.bench;

import chorale.bench.Figure.Target;
import chorale.evaluation.measurement.Rounds;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The figures of {@link BoardsPart}, from its rounds. Owned by one thread. */
final class BoardFigures {
  /** Minimum ratios of the reference's response time to that of each system. */
  private static final Map<String, Double> TARGETS =
      Map.ofEntries(
          Map.entry("V1", 7.0),
          Map.entry("V2", 5.5),
          Map.entry("V3", 4.3),
          Map.entry("V4", 3.3),
          Map.entry("V5", 2.6),
          Map.entry(sized("V1"), 10.0),
          Map.entry(sized("V2"), 7.0),
          Map.entry(sized("V3"), 5.0),
          Map.entry(sized("V4"), 3.6),
          Map.entry(sized("V5"), 2.7),
          Map.entry(Systems.BY_ALL, 2.5),
          Map.entry(Systems.BY_BOUND, 3.2));

  private static final Target OF_IDEAL = Target.atLeast(.95);

  private final FigureList figures = new FigureList();
  private final BenchModels models;
  private final Rounds rounds;
  private final List<Double> reference;

  private BoardFigures(BenchModels models, Rounds rounds) {
    this.models = models;
    this.rounds = rounds;
    this.reference = rounds.medians(models.reference(), LiveSystem.RESPONSE);
  }

  /** Returns the name of a variant with right-sized frames. */
  static String sized(String variant) {
    return variant + " right-sized";
  }

  static List<Figure> of(BenchModels models, Rounds rounds) {
    BoardFigures made = new BoardFigures(models, rounds);
    made.figures.known(models.reference() + ", response", "ms", made.reference);
    for (String variant : models.variants()) {
      made.response(variant, variant + " against the reference");
      made.shareOfIdeal(variant);
    }
    for (String variant : models.variants()) {
      made.response(sized(variant), sized(variant) + " against the reference");
    }
    for (String together : List.of(Systems.BY_ALL, Systems.BY_BOUND)) {
      made.response(together, together + ", against the reference");
    }
    BareBoard.addTo(made.figures, models, rounds);
    return made.figures.figures();
  }

  private void response(String system, String ratio) {
    List<Double> response = rounds.medians(system, LiveSystem.RESPONSE);
    figures.known(system + ", response", "ms", response);
    figures.ratio(ratio, Optional.ofNullable(TARGETS.get(system)), reference, response);
  }

  /** Adds the share of the ideal ratio, which decoding and inference alone would allow. */
  private void shareOfIdeal(String variant) {
    List<Double> ideal = FigureList.ratios(work(models.reference()), work(variant));
    List<Double> ratio = FigureList.ratios(reference, rounds.medians(variant, LiveSystem.RESPONSE));
    figures.known(variant + ", (D + I_ref)/(D + I_v)", "x", ideal);
    figures.judged(
        variant + ", share of (D + I_ref)/(D + I_v)",
        "",
        OF_IDEAL,
        FigureList.ratios(ratio, ideal));
  }

  private List<Double> work(String network) {
    return rounds.medians(BareBoard.name(network), BareBoard.WORK);
  }
}
