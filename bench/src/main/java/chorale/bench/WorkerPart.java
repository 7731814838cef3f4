package chorale.bench;

import chorale.bench.Figure.Target;
import chorale.evaluation.measurement.MeasurementException;
import chorale.evaluation.measurement.Quantiles;
import chorale.protocol.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A measurement of the worker as installed on a board: the archive of {@code scripts/package},
 * unpacked and started by its own script.
 */
final class WorkerPart extends BenchPart {
  /** The number of replies before memory is measured. */
  private static final int ANSWERS = 300;

  WorkerPart() {
    super("worker", "the packed worker: memory, time from its start to its first reply, archive");
  }

  @Override
  Optional<String> lacks(BenchSettings settings) {
    return System.getProperty("os.name").equals("Linux") && Files.isDirectory(Path.of("/proc"))
        ? Optional.empty()
        : Optional.of("the worker's archives are for Linux");
  }

  @Override
  Findings run(BenchSettings settings) throws Exception {
    try (BenchBroker broker = BenchBroker.start(settings)) {
      Path archive = pack(settings);
      Path home = unpacked(archive, broker.folder());
      settings.tell("packed");
      return measure(home, archive, broker, settings);
    }
  }

  static Path unpacked(Path archive, Path folder)
      throws IOException, InterruptedException, MeasurementException {
    Path home = Files.createDirectory(folder.resolve("home"));
    var unused =
        ShellCommand.run(
            List.of(
                "tar", "-xf", archive.toString(), "-C", home.toString(), "--strip-components=1"));
    return home;
  }

  /** Builds the archive unless it is up to date, and returns its path. */
  static Path pack(BenchSettings settings) throws InterruptedException, MeasurementException {
    boolean arm = System.getProperty("os.arch").equals("aarch64");
    String told =
        ShellCommand.run(
            List.of(
                BenchSettings.home("scripts", "package").toString(),
                arm ? "linux-aarch64" : "linux-x64",
                "--models",
                settings.models().toString()));
    return Path.of(told.substring(0, told.lastIndexOf(" (")));
  }

  private static Findings measure(
      Path home, Path archive, BenchBroker broker, BenchSettings settings) throws Exception {
    String variant = BenchModels.open(settings.models()).largest();
    Bytes image = BenchImages.load().get(0);
    List<Double> starts = new ArrayList<>();
    List<Double> firsts = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    List<Double> memory = new ArrayList<>();
    for (int run = -1; run < settings.either(7, 1); run++) {
      settings.tell("start " + (run + 1));
      try (PackedWorker worker = new PackedWorker(broker, image)) {
        long begun = System.nanoTime();
        worker.start(home, variant);
        List<Double> first = worker.responses(1);
        double seconds = (System.nanoTime() - begun) / 1e9;
        List<Double> later = worker.responses(settings.either(ANSWERS, 3));
        // The first start is not counted: the disk cache is cold.
        if (run >= 0) {
          starts.add(seconds);
          firsts.add(first.get(0));
          ratios.add(first.get(0) / hundredth(later));
          memory.add(worker.residentMegabytes());
        }
      }
    }
    FigureList figures = new FigureList();
    figures.judged("start to first reply", "s", Target.atMost(2), starts);
    figures.known("first frame's response", "ms", firsts);
    figures.judged("first response over the hundredth", "x", Target.atMost(2), ratios);
    figures.judged("memory after " + ANSWERS + " answers (RSS)", "MB", Target.atMost(100), memory);
    figures.judged("archive", "MB", Target.atMost(15), List.of(Files.size(archive) / 1e6));
    return new Findings(
        figures.figures(),
        List.of(),
        List.of(
            variant
                + ", 224x224 frames of about 10 KB, one by one, beginning when the worker is"
                + " online. The hundredth response is the median of the 90th to the 110th. 1 MB is"
                + " a million bytes."));
  }

  /** Returns the median of the 90th to the 110th response, or the last one. */
  static double hundredth(List<Double> responses) {
    return Quantiles.median(
        responses.subList(Math.min(90, responses.size() - 1), Math.min(110, responses.size())));
  }
}
