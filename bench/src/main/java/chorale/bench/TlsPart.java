package chorale.bench;

import chorale.bench.Figure.Target;
import chorale.site.LocalSite;
import java.util.List;
import java.util.Optional;

/** A measurement of TLS: response and rate of a fleet with TLS against one without encryption. */
final class TlsPart extends BenchPart {
  private static final double MOST_RESPONSE = 1.3;
  private static final String CLEAR = "bench-clear";
  private static final String TLS = "bench-tls";

  TlsPart() {
    super("tls", "the response of a fleet with TLS and users against one without encryption");
  }

  @Override
  Findings run(BenchSettings settings) throws Exception {
    BenchModels models = BenchModels.open(settings.models());
    try (ResourceStack resources = new ResourceStack()) {
      BenchBroker clear = resources.add(BenchBroker.start(settings));
      BenchBroker secured = resources.add(BenchBroker.secured(TLS));
      FigureList figures = new FigureList();
      new FleetPair(
              FleetPair.ready(plan(CLEAR, models), clear, resources, settings),
              FleetPair.ready(plan(TLS, models), secured, resources, settings))
          .measure(settings, 8)
          .tell(
              figures,
              "in clear",
              "with TLS",
              Optional.of(Target.atMost(MOST_RESPONSE)),
              Optional.empty());
      return new Findings(
          figures.figures(), List.of(), List.of(FleetPair.NOTE, "Each fleet has its own broker."));
    }
  }

  private static LocalSite.Plan plan(String name, BenchModels models) {
    return BenchBroker.site(name, models.variants(), models, 1, false);
  }
}
