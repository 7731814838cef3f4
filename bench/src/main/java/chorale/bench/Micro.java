package chorale.bench;

import chorale.bench.Figure.Target;
import chorale.evaluation.measurement.MeasurementException;
import chorale.evaluation.measurement.Rounds;
import chorale.variants.ModelSet;
import chorale.variants.VariantManifest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * What a board and the aggregator compute, without a network between them: images, messages, fusion
 * and the aggregator's turn by JMH, each in a process of its own; and inference of every variant
 * against the reference, in rounds that alternate in one process.
 */
final class Micro implements Part {
  private static final List<Class<?>> BENCHMARKS =
      List.of(
          ImageBenchmark.class,
          MessageBenchmark.class,
          FusionBenchmark.class,
          AggregatorBenchmark.class);

  /** Of V1 to V5: the poster's response times, as ratios. */
  private static final List<Double> GAINS = List.of(13.2, 8.6, 5.8, 4.1, 3.0);

  private static final double REPLIES_A_SECOND = 200_000;

  @Override
  public String name() {
    return "micro";
  }

  @Override
  public String about() {
    return "image to input, messages, fusion, the aggregator's turn, inference";
  }

  @Override
  public Findings run(Settings settings) throws BenchException, InterruptedException {
    List<Figure> figures = new ArrayList<>(inference(settings));
    for (Class<?> each : BENCHMARKS) {
      settings.tell(each.getSimpleName());
      try {
        for (RunResult result : new Runner(options(each, settings)).run()) {
          figures.addAll(
              each == AggregatorBenchmark.class ? aggregator(result) : times(each, result));
        }
      } catch (RunnerException e) {
        throw new BenchException(each.getSimpleName() + ": " + e.getMessage(), e);
      }
    }
    return new Findings(
        figures,
        List.of(),
        List.of(
            "Inference: medians of rounds that alternate, processor time of one thread, no pauses"
                + " between images, the same precision on both sides.",
            "Images: 224x224 is a JPEG of about 10 KB, 640x480 one of quality 90; 'resize'"
                + " normalises as well.",
            "Aggregator: "
                + AggregatorBenchmark.REQUESTS
                + " requests open at once, five replies each, bound off; frames of about 10 KB are"
                + " hashed in the same time."));
  }

  private static Options options(Class<?> benchmark, Settings settings) {
    return new OptionsBuilder()
        .include('^' + benchmark.getName().replace(".", "\\.") + "\\.")
        .mode(Mode.AverageTime)
        .timeUnit(TimeUnit.MICROSECONDS)
        .forks(settings.either(1, 0))
        .warmupIterations(settings.either(4, 1))
        .warmupTime(TimeValue.milliseconds(settings.either(500, 10)))
        .measurementIterations(settings.either(5, 1))
        .measurementTime(TimeValue.milliseconds(settings.either(400, 10)))
        .jvmArgsAppend(
            "-XX:+UseSerialGC", "-Dchorale.home=" + System.getProperty("chorale.home", ""))
        .addProfiler(GCProfiler.class)
        .verbosity(VerboseMode.SILENT)
        .build();
  }

  private static List<Figure> times(Class<?> benchmark, RunResult result) {
    BenchmarkParams params = result.getParams();
    StringBuilder name =
        new StringBuilder(words(benchmark.getSimpleName().replace("Benchmark", "")));
    name.append(": ").append(words(method(params)));
    for (String key : new TreeSet<>(params.getParamsKeys())) {
      name.append(", ").append(key).append(' ').append(params.getParam(key));
    }
    return List.of(
        Figure.known(name.toString(), "us", rounds(result)),
        Figure.known(name + ", allocated", "B", Spread.once(allocated(result))));
  }

  private static List<Figure> aggregator(RunResult result) {
    Spread micros = rounds(result);
    Spread rate =
        new Spread(1e6 / micros.median(), 1e6 / micros.high(), 1e6 / micros.low(), micros.rounds());
    return List.of(
        Figure.judged("aggregator alone", "replies/s", Target.atLeast(REPLIES_A_SECOND), rate),
        Figure.known("aggregator alone, allocated a reply", "B", Spread.once(allocated(result))));
  }

  private static String method(BenchmarkParams params) {
    return params.getBenchmark().substring(params.getBenchmark().lastIndexOf('.') + 1);
  }

  /** "decodeAndResize" as "decode and resize". */
  private static String words(String name) {
    return name.replaceAll("([a-z])([A-Z])", "$1 $2").toLowerCase(java.util.Locale.ROOT);
  }

  private static Spread rounds(RunResult result) {
    List<Double> scores = new ArrayList<>();
    for (BenchmarkResult fork : result.getBenchmarkResults()) {
      Collection<IterationResult> iterations = fork.getIterationResults();
      iterations.forEach(each -> scores.add(each.getPrimaryResult().getScore()));
    }
    return Spread.of(scores);
  }

  private static double allocated(RunResult result) {
    Map<String, ?> secondary = result.getSecondaryResults();
    for (Map.Entry<String, ?> each : secondary.entrySet()) {
      if (each.getKey().endsWith("gc.alloc.rate.norm")
          && each.getValue() instanceof Result<?> rate) {
        return rate.getScore();
      }
    }
    return Double.NaN;
  }

  private static List<Figure> inference(Settings settings)
      throws BenchException, InterruptedException {
    if (Models.lackOfReference(settings).isPresent()) {
      return List.of();
    }
    settings.tell("inference");
    ModelSet set = Models.open(settings.models());
    List<BareBoard> boards = new ArrayList<>();
    try {
      for (String each : Pipeline.networks(set)) {
        boards.add(BareBoard.open(set, each, Pictures.load(), 1));
      }
      Rounds rounds =
          Rounds.run(
              boards,
              new Rounds.Extent(
                  settings.either(3, 0), settings.either(15, 1), settings.either(60, 1)));
      return gains(set, rounds);
    } catch (MeasurementException e) {
      throw new BenchException(e.getMessage(), e);
    } finally {
      boards.forEach(BareBoard::close);
    }
  }

  private static List<Figure> gains(ModelSet set, Rounds rounds) {
    List<Figure> figures = new ArrayList<>();
    List<Double> slow = rounds.medians(BareBoard.name(Systems.reference(set)), BareBoard.INFERENCE);
    figures.add(Figure.known("reference, inference alone", "ms", Spread.of(slow)));
    for (int i = 0; i < set.variants().size(); i++) {
      VariantManifest variant = set.variants().get(i);
      List<Double> fast = rounds.medians(BareBoard.name(variant.id()), BareBoard.INFERENCE);
      figures.add(Figure.known(variant.id() + ", inference alone", "ms", Spread.of(fast)));
      Spread gain = Spread.of(Ratios.of(slow, fast));
      String name = variant.id() + ", inference alone against the reference";
      figures.add(
          i < GAINS.size()
              ? Figure.judged(name, "x", Target.atLeast(GAINS.get(i)), gain)
              : Figure.known(name, "x", gain));
    }
    return figures;
  }
}
