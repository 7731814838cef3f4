package chorale.bench;

import chorale.bench.Figure.Target;
import chorale.evaluation.measurement.Rounds;
import chorale.protocol.Fusion;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * A measurement of the computations of a worker and of the aggregator, without MQTT. Images,
 * messages, fusion and the aggregator's turn run in JMH, each in its own process. Inference of
 * every variant is compared with the reference, in alternating rounds in one process.
 */
final class MicroPart extends BenchPart {
  private static final List<Class<?>> BENCHMARKS =
      List.of(
          ImageBenchmark.class,
          MessageBenchmark.class,
          FusionBenchmark.class,
          AggregatorBenchmark.class);

  /**
   * The reference's response time over each variant's, from Asadi and Goudarzi's poster
   * (RATIONALE.md).
   */
  private static final Map<String, Double> GAINS =
      Map.of("V1", 13.2, "V2", 8.6, "V3", 5.8, "V4", 4.1, "V5", 3.0);

  private static final double REPLIES_A_SECOND = 200_000;
  private static final double SIGNING_PERCENT = 30;
  private static final double CERTIFICATE_PERCENT = 10;

  MicroPart() {
    super("micro", "image to input, messages, fusion, the aggregator's turn, inference");
  }

  @Override
  Findings run(BenchSettings settings) throws Exception {
    FigureList figures = new FigureList();
    Map<String, List<Double>> certificates = new TreeMap<>();
    if (BenchModels.lackOfReference(settings.models()).isEmpty()) {
      settings.tell("inference");
      inference(figures, settings);
    }
    for (Class<?> each : BENCHMARKS) {
      settings.tell(each.getSimpleName());
      Collection<RunResult> results = new Runner(options(each, settings)).run();
      if (each == AggregatorBenchmark.class) {
        aggregator(figures, results, certificates);
      } else {
        results.forEach(result -> times(figures, each, result));
        results.forEach(result -> certificate(result, certificates));
      }
    }
    return new Findings(
        figures.figures(),
        List.of(),
        List.of(
            "Inference: medians of alternating rounds, processor time of one thread, no pauses"
                + " between images, the same precision for both networks.",
            "Images: 224x224 is a JPEG of about 10 KB, 640x480 one of quality 90; 'resize'"
                + " includes normalization.",
            "Aggregator: "
                + AggregatorBenchmark.REQUESTS
                + " open requests with five replies each, bound off; includes hashing of frames of"
                + " about 10 KB."));
  }

  private static Options options(Class<?> benchmark, BenchSettings settings) {
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

  private static void times(FigureList figures, Class<?> benchmark, RunResult result) {
    BenchmarkParams params = result.getParams();
    String method = params.getBenchmark().substring(params.getBenchmark().lastIndexOf('.') + 1);
    StringBuilder name =
        new StringBuilder(words(benchmark.getSimpleName().replace("Benchmark", "")));
    name.append(": ").append(words(method));
    for (String key : new TreeSet<>(params.getParamsKeys())) {
      name.append(", ").append(key).append(' ').append(params.getParam(key));
    }
    figures.known(name.toString(), "us", micros(result));
    figures.once(name + ", allocated", "B", allocated(result));
  }

  /** Stores the times of a rule's certificate: the number of votes that an answer withstands. */
  private static void certificate(RunResult result, Map<String, List<Double>> certificates) {
    if (result.getParams().getBenchmark().endsWith(".certificate")) {
      certificates.put(result.getParams().getParam("rule"), micros(result));
    }
  }

  /**
   * @param certificates the times of each rule's certificate; a request needs one
   */
  private static void aggregator(
      FigureList figures, Collection<RunResult> results, Map<String, List<Double>> certificates) {
    List<Double> unsigned = List.of();
    for (RunResult result : results) {
      List<Double> micros = micros(result);
      List<Double> rates = micros.stream().map(each -> 1e6 / each).toList();
      if (result.getParams().getParam("signed").equals("false")) {
        unsigned = micros;
        figures.judged("aggregator alone", "replies/s", Target.atLeast(REPLIES_A_SECOND), rates);
        figures.once("aggregator alone, allocated a reply", "B", allocated(result));
        List<Double> turn =
            micros.stream().map(each -> each * AggregatorBenchmark.REPLIES).toList();
        certificates.forEach((rule, times) -> share(figures, rule, times, turn));
      } else {
        figures.known("aggregator alone, replies signed", "replies/s", rates);
        List<Double> shares =
            FigureList.ratios(unsigned, micros).stream().map(each -> 100 * (1 - each)).toList();
        figures.judged("share of checking signatures", "%", Target.atMost(SIGNING_PERCENT), shares);
      }
    }
  }

  /** Adds the share of a certificate in a request's turn, which fuses by the default rule. */
  private static void share(
      FigureList figures, String rule, List<Double> certificate, List<Double> turn) {
    List<Double> shares =
        FigureList.ratios(certificate, turn).stream().map(each -> 100 * each).toList();
    String name = "share of the certificate, " + rule;
    if (rule.equals(Fusion.DEFAULT.label())) {
      figures.judged(name, "%", Target.atMost(CERTIFICATE_PERCENT), shares);
    } else {
      figures.known(name, "%", shares);
    }
  }

  /** Turns "decodeAndResize" into "decode and resize". */
  private static String words(String name) {
    return name.replaceAll("([a-z])([A-Z])", "$1 $2").toLowerCase(Locale.ROOT);
  }

  /** Returns the time of an operation in each iteration, in us. */
  private static List<Double> micros(RunResult result) {
    return result.getBenchmarkResults().stream()
        .flatMap(fork -> fork.getIterationResults().stream())
        .map(iteration -> iteration.getPrimaryResult().getScore())
        .toList();
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

  private static void inference(FigureList figures, BenchSettings settings) throws Exception {
    BenchModels models = BenchModels.open(settings.models());
    List<BareBoard> boards = BareBoard.openAll(models, BenchImages.load(), 1);
    try {
      Rounds.Extent extent =
          new Rounds.Extent(settings.either(3, 0), settings.either(15, 1), settings.either(60, 1));
      gains(figures, models, Rounds.run(boards, extent));
    } finally {
      boards.forEach(BareBoard::close);
    }
  }

  private static void gains(FigureList figures, BenchModels models, Rounds rounds) {
    List<Double> slow = rounds.medians(BareBoard.name(models.reference()), BareBoard.INFERENCE);
    figures.known("reference, inference alone", "ms", slow);
    for (String variant : models.variants()) {
      List<Double> fast = rounds.medians(BareBoard.name(variant), BareBoard.INFERENCE);
      figures.known(variant + ", inference alone", "ms", fast);
      Optional<Double> target = Optional.ofNullable(GAINS.get(variant));
      figures.ratio(variant + ", inference alone against the reference", target, slow, fast);
    }
  }
}
