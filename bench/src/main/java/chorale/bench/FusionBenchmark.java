package chorale.bench;

import chorale.aggregator.fusion.Fused;
import chorale.aggregator.fusion.FusionRule;
import chorale.aggregator.fusion.Vote;
import chorale.protocol.Fusion;
import chorale.protocol.Ranked;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A JMH benchmark of the fusion rules on five votes of two classes each, of their bounds after four
 * votes, and of their certificates: the number of votes that the answer withstands (docs/liars.md).
 * Used by one thread.
 */
@State(Scope.Thread)
public class FusionBenchmark {
  @Param({"scaled-sum", "mean", "product", "majority", "run-off", "trimmed", "agreement"})
  public String rule;

  private final List<Vote> votes = new ArrayList<>();
  private FusionRule fusion;
  private double[] missing;

  @Setup
  public void prepare() {
    fusion =
        Stream.of(Fusion.values())
            .filter(each -> each.label().equals(rule))
            .map(FusionRule::of)
            .findFirst()
            .orElseThrow();
    for (int i = 0; i < MicroSite.INPUTS.size(); i++) {
      List<Ranked> ranked = List.of(new Ranked(3, .6 + .02 * i), new Ranked(i, .1 + .01 * i));
      ranked = i == 3 ? List.of(new Ranked(5, .5), new Ranked(3, .4)) : ranked;
      votes.add(new Vote("V" + (i + 1), .35, MicroSite.INPUTS.get(i), 10, ranked));
    }
    missing = new double[] {votes.get(4).weight()};
  }

  @Benchmark
  public Fused fuse() {
    return fusion.fuse(votes);
  }

  @Benchmark
  public boolean bound() {
    return fusion.decided(votes.subList(0, 4), missing, 0);
  }

  @Benchmark
  public int certificate() {
    return fusion.withstands(votes);
  }
}
