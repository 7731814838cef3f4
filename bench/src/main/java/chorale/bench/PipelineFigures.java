package chorale.bench;

import chorale.bench.Figure.Target;
import chorale.evaluation.measurement.Rounds;
import java.util.ArrayList;
import java.util.List;

/** The figures of {@link PipelinePart}, from its rounds. Owned by one thread. */
final class PipelineFigures {
  private final FigureList figures = new FigureList();
  private final BenchModels models;
  private final Rounds alone;
  private final Rounds rates;

  /**
   * @param alone rounds with one frame at a time
   * @param rates rounds with several frames at a time
   */
  PipelineFigures(BenchModels models, Rounds alone, Rounds rates) {
    this.models = models;
    this.alone = alone;
    this.rates = rates;
    responses();
    BareBoard.addTo(figures, models, alone);
    overhead(models.largest());
    throughput();
  }

  private void responses() {
    List<Double> reference = alone.medians(models.reference(), LiveSystem.RESPONSE);
    List<String> systems = new ArrayList<>(models.networks());
    systems.addAll(List.of(Systems.BY_ALL, Systems.BY_BOUND));
    for (String each : systems) {
      List<Double> response = alone.medians(each, LiveSystem.RESPONSE);
      figures.known(each + ", response", "ms", response);
      if (!each.equals(models.reference())) {
        figures.known(each + " against the reference", "x", FigureList.ratios(reference, response));
      }
    }
  }

  /** Adds the response time of a system beyond decoding and inference. */
  private void overhead(String system) {
    List<Double> hops = alone.medians(BareHops.NAME, BareHops.TIME);
    List<Double> overhead = alone.medians(system, LiveSystem.OVERHEAD);
    List<Double> response = alone.medians(system, LiveSystem.RESPONSE);
    List<Double> work = alone.medians(system, LiveSystem.WORK);
    figures.known("three bare hops", "ms", hops);
    figures.judged(
        system + ", (end to end - D - I) over three bare hops",
        "x",
        Target.atMost(1.5),
        FigureList.ratios(overhead, hops));
    for (String part : List.of(LiveSystem.OUTSIDE, LiveSystem.INSIDE)) {
      figures.known(system + ", of that, " + part, "ms", alone.medians(system, part));
    }
    figures.known(
        system + ", end to end over D + I (goal: 1.25)", "x", FigureList.ratios(response, work));
  }

  private void throughput() {
    List<Double> fleet = rates.medians(Systems.BY_ALL, Throughput.RATE);
    List<Double> loops = rates.medians(BareLoops.NAME, Throughput.RATE);
    figures.known("all together, throughput", "images/s", fleet);
    figures.known("five loops side by side", "images/s", loops);
    figures.judged(
        "throughput over that of the loops side by side",
        "",
        Target.atLeast(.75),
        FigureList.ratios(fleet, loops));
    for (String role : Systems.ROLES) {
      figures.known("processor time an image, " + role, "ms", rates.medians(Systems.BY_ALL, role));
    }
  }

  List<Figure> all() {
    return figures.figures();
  }
}
