package chorale.bench;

import chorale.bench.Figure.Target;
import chorale.evaluation.measurement.Camera;
import chorale.evaluation.measurement.MeasurementException;
import chorale.evaluation.measurement.Response;
import chorale.protocol.Bytes;
import chorale.protocol.Limits;
import chorale.protocol.Result;
import chorale.protocol.Result.Status;
import chorale.protocol.Topics;
import chorale.site.ChildProcess;
import chorale.site.LocalSite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;

/**
 * A measurement under hostile load beside a good camera: broken and costly frames, random messages
 * on all topics, and subscribers that do not read. Counts the good camera's lost requests, and the
 * peak memory of every process. The site is real; workers run from their archive.
 */
final class HostilePart extends BenchPart {
  private static final String SITE = "bench-hostile";

  /** The hostile camera's budget, the default. */
  private static final int DEFAULT_MILLIS = Limits.DEFAULT_BUDGET_MILLIS;

  /** The good camera's budget, longer because five workers share this machine's processors. */
  private static final int LONG_MILLIS = 5 * DEFAULT_MILLIS;

  private static final long HOSTILE_NANOS = 50_000_000L;
  private static final long GOOD_NANOS = 500_000_000L;

  /** The maximum resident memory of a worker, in MB: a heap of 128 MiB, and memory outside it. */
  private static final Target WORKER_MEMORY = Target.atMost(256);

  /** The maximum of the other processes, by role. */
  private static final Map<String, Target> MEMORY =
      Map.of("aggregator", Target.atMost(256), "broker", Target.atMost(512));

  private static final Target NONE = Target.atMost(0);
  private static final int FRAMES_UNTIL_ALL = 100;

  HostilePart() {
    super("hostile", "broken frames and random messages beside a good camera: losses, memory");
  }

  @Override
  Optional<String> lacks(BenchSettings settings) {
    return new WorkerPart().lacks(settings);
  }

  @Override
  Findings run(BenchSettings settings) throws Exception {
    BenchModels models = BenchModels.open(settings.models());
    List<Bytes> good = BenchImages.load();
    if (settings.data().filter(each -> !Files.isDirectory(each)).isPresent()) {
      throw new MeasurementException("--data: not a folder of frames: " + settings.data().get());
    }
    List<Bytes> hostile =
        settings.data().isPresent()
            ? HostileFrames.of(settings.data().get())
            : HostileFrames.madeFrom(good.get(0));
    try (BenchBroker broker = BenchBroker.start(settings);
        ResourceStack resources = new ResourceStack()) {
      LocalSite site =
          resources.add(broker.start(BenchBroker.site(SITE, List.of(), models, 1, true)));
      List<ChildProcess> workers = workers(models, broker, settings);
      workers.forEach(each -> resources.add(each::kill));
      var unused = site.awaitReady(() -> false);
      Camera calm = resources.add(camera("good", LONG_MILLIS, broker));
      Camera wild = resources.add(camera("hostile", DEFAULT_MILLIS, broker));
      awaitAll(calm, good, workers.size());
      var unusedGarbage =
          resources.add(
              new Garbage(new Topics(SITE), models.variants(), broker.buses(), broker.uri()));
      List<Long> pids = pids();
      settings.tell("different hostile frames: " + hostile.size());
      long seconds = settings.either(300, 2);
      List<Response> ofHostile;
      List<Response> ofGood;
      ExecutorService thread = Executors.newSingleThreadExecutor();
      try {
        Future<List<Response>> load =
            thread.submit(() -> wild.load(hostile, times(HOSTILE_NANOS, seconds)));
        ofGood = calm.load(good, times(GOOD_NANOS, seconds));
        ofHostile = load.get();
      } finally {
        thread.shutdownNow();
      }
      return findings(ofGood, ofHostile, pids);
    }
  }

  private static List<ChildProcess> workers(
      BenchModels models, BenchBroker broker, BenchSettings settings)
      throws IOException, InterruptedException, MeasurementException {
    Path home = WorkerPart.unpacked(WorkerPart.pack(settings), broker.folder());
    List<ChildProcess> workers = new ArrayList<>();
    for (String variant : models.variants()) {
      workers.add(PackedWorker.process(home, variant, SITE, broker));
    }
    return workers;
  }

  private static Camera camera(String name, int budgetMillis, BenchBroker broker) {
    return new Camera(name, new Topics(SITE), budgetMillis, broker.buses());
  }

  /** Sends frames until every worker is on the aggregator's roster. */
  private static void awaitAll(Camera camera, List<Bytes> images, int workers)
      throws MeasurementException, InterruptedException {
    int known = 0;
    for (int i = 0; i < FRAMES_UNTIL_ALL; i++) {
      Response response = camera.ask(images.get(i % images.size()));
      if (response.isAnswered()) {
        Result result = response.result().orElseThrow();
        known = result.answered().size() + result.missing().size();
      }
      if (known == workers) {
        return;
      }
    }
    throw new MeasurementException(
        "after %d frames, the last complete result lists %d of %d workers"
            .formatted(FRAMES_UNTIL_ALL, known, workers));
  }

  private static List<Long> times(long every, long seconds) {
    return LongStream.range(0, seconds * 1_000_000_000L / every).mapToObj(i -> i * every).toList();
  }

  private static List<Long> pids() {
    return ProcessHandle.current().descendants().map(ProcessHandle::pid).sorted().toList();
  }

  private static Findings findings(List<Response> good, List<Response> hostile, List<Long> pids)
      throws IOException {
    FigureList figures = new FigureList();
    figures.once("good camera, requests", "", good.size());
    judged(figures, "good camera, without a result", "", NONE, count(good, Optional.empty()));
    int unanswered = count(good, Optional.of(Status.NO_ANSWER));
    judged(figures, "good camera, no_answer", "", NONE, unanswered);
    figures.once("good camera, partial", "", count(good, Optional.of(Status.PARTIAL)));
    int slow = good.stream().filter(each -> each.millis() > DEFAULT_MILLIS).toList().size();
    figures.once("good camera, result after " + DEFAULT_MILLIS + " ms", "", slow);
    figures.known("good camera, response", "ms", good.stream().map(Response::millis).toList());
    figures.once("hostile camera, requests", "", hostile.size());
    figures.once("hostile camera, answered", "", count(hostile, Optional.of(Status.ANSWERED)));
    int ended = pids.stream().filter(each -> ProcessHandle.of(each).isEmpty()).toList().size();
    judged(figures, "processes that ended", "", NONE, ended);
    for (long pid : pids) {
      memory(figures, pid);
    }
    return new Findings(
        figures.figures(),
        List.of(),
        List.of(
            "The good camera's budget is "
                + LONG_MILLIS
                + " ms, because five workers share this machine. The hostile camera sends 20"
                + " frames a second, the good one 2. In addition, "
                + Garbage.RATE
                + " random messages a second go to all kinds of topics; a tenth of them is"
                + " retained, with up to 100 kB. Workers run from the archive, with a heap of"
                + " 128 MiB and the C1 compiler only; the aggregator's heap is 128 MiB, the"
                + " broker's 256 MiB. Memory is the peak of the resident set (VmHWM); 1 MB is"
                + " a million bytes."));
  }

  private static void judged(
      FigureList figures, String name, String unit, Target target, double value) {
    figures.judged(name, unit, target, List.of(value));
  }

  /** Counts the responses with this status; without one, those without a result. */
  private static int count(List<Response> responses, Optional<Status> status) {
    return responses.stream()
        .filter(each -> each.result().map(result -> result.status()).equals(status))
        .toList()
        .size();
  }

  /** Adds the peak memory of a process of the site; ignores others, such as a shell. */
  private static void memory(FigureList figures, long pid) throws IOException {
    List<String> command = command(pid);
    int main = command.indexOf("chorale.cli.Chorale");
    if (main < 0) {
      return;
    }
    String role = command.get(main + 1);
    int variant = command.indexOf("--variant");
    String name = variant < 0 ? role : role + ' ' + command.get(variant + 1);
    double peak =
        Files.readAllLines(Path.of("/proc", pid + "", "status")).stream()
            .filter(line -> line.startsWith("VmHWM:"))
            .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) * 1024 / 1e6)
            .findFirst()
            .orElse(Double.NaN);
    Target target = MEMORY.getOrDefault(role, WORKER_MEMORY);
    figures.judged(name + ", peak memory", "MB", target, List.of(peak));
  }

  private static List<String> command(long pid) throws IOException {
    Path file = Path.of("/proc", pid + "", "cmdline");
    return Files.exists(file) ? List.of(Files.readString(file).split("\0")) : List.of();
  }
}
