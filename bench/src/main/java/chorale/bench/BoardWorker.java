package chorale.bench;

import chorale.bench.Figure.Target;
import chorale.evaluation.measurement.MeasurementException;
import chorale.mqtt.PahoBus;
import chorale.protocol.Bytes;
import chorale.protocol.Message;
import chorale.protocol.Topics;
import chorale.protocol.bus.Bus;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.ConnectionSettings;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.Session;
import chorale.protocol.bus.Subscription;
import chorale.site.LocalBroker;
import chorale.site.SiteException;
import chorale.variants.ModelSet;
import chorale.variants.VariantManifest;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The worker as a board gets it: the archive that {@code scripts/package} makes, unpacked and
 * started by its own script.
 */
final class BoardWorker implements Part {
  private static final String SITE = "bench-worker";
  private static final long EVERY_NANOS = 10_000_000L;
  private static final long PATIENCE_NANOS = 30_000_000_000L;

  /** Answers until memory is looked at. */
  private static final int ANSWERS = 300;

  @Override
  public String name() {
    return "worker";
  }

  @Override
  public String about() {
    return "the packed worker: memory, time from its start to its first reply, archive";
  }

  @Override
  public Optional<String> lacks(Settings settings) {
    return System.getProperty("os.name").equals("Linux") && Files.isDirectory(Path.of("/proc"))
        ? Optional.empty()
        : Optional.of("the worker's archives are for Linux");
  }

  @Override
  public Findings run(Settings settings) throws BenchException, InterruptedException {
    try {
      Path folder = Files.createTempDirectory("chorale-bench-");
      Path archive = pack(folder, settings);
      settings.tell("packed");
      command(folder, List.of("tar", "-xf", archive.toString(), "-C", folder.toString()));
      try (Stream<Path> entries = Files.list(folder);
          LocalBroker broker = LocalBroker.start(settings.broker(), folder)) {
        Path home =
            entries
                .filter(Files::isDirectory)
                .filter(each -> Files.exists(each.resolve("bin")))
                .findFirst()
                .orElseThrow();
        Findings found = measure(home, archive, broker, settings);
        Folders.delete(folder);
        return found;
      }
    } catch (IOException | MeasurementException | SiteException e) {
      throw new BenchException(e.getMessage(), e);
    }
  }

  private static Path pack(Path folder, Settings settings)
      throws IOException, InterruptedException, MeasurementException {
    String platform =
        System.getProperty("os.arch").equals("aarch64") ? "linux-aarch64" : "linux-x64";
    Path script = Path.of(System.getProperty("chorale.home", ""), "scripts", "package");
    Path out = Files.createDirectory(folder.resolve("archive"));
    command(
        folder,
        List.of(
            script.toString(), platform, "--models", settings.models().toString(), out.toString()));
    try (Stream<Path> archives = Files.list(out)) {
      return archives.findFirst().orElseThrow();
    }
  }

  private static void command(Path folder, List<String> words)
      throws IOException, InterruptedException, MeasurementException {
    File log = folder.resolve("command.log").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log);
    builder.environment().remove("CLASSPATH");
    if (builder.start().waitFor() != 0) {
      throw new MeasurementException(String.join(" ", words) + " failed; its output: " + log);
    }
  }

  private static Findings measure(Path home, Path archive, LocalBroker broker, Settings settings)
      throws BenchException, IOException, MeasurementException, InterruptedException {
    ModelSet set = Models.open(settings.models());
    VariantManifest variant = set.variants().get(set.variants().size() - 1);
    Bytes image = Pictures.load().get(0);
    BusFactory buses = PahoBus.factory(ConnectionSettings.of(broker.uri()));
    List<Double> starts = new ArrayList<>();
    List<Double> memory = new ArrayList<>();
    int runs = settings.either(7, 1);
    for (int run = -1; run < runs; run++) {
      settings.tell("start " + (run + 1));
      try (Started worker = new Started(buses)) {
        double seconds = worker.start(home, variant.id(), broker, image);
        worker.answer(image, settings.either(ANSWERS, 3));
        // The first start finds nothing in the disk cache.
        if (run >= 0) {
          starts.add(seconds);
          memory.add(worker.residentMegabytes());
        }
      }
    }
    return new Findings(
        List.of(
            Figure.judged("start to first reply", "s", Target.atMost(1), Spread.of(starts)),
            Figure.judged(
                "memory after " + ANSWERS + " answers (RSS)",
                "MB",
                Target.atMost(100),
                Spread.of(memory)),
            Figure.judged(
                "archive", "MB", Target.atMost(15), Spread.once(Files.size(archive) / 1e6))),
        List.of(),
        List.of(
            variant.id()
                + ", 224x224 frames of about 10 KB, a frame every 10 ms from the start on; MB: a"
                + " million bytes."));
  }

  /** A worker that is being measured. */
  private static final class Started implements AutoCloseable {
    private final Topics topics = new Topics(SITE);
    private final Inbox inbox = new Inbox(10_000, 16L << 20);
    private final Bus bus;
    private Optional<Process> process = Optional.empty();

    Started(BusFactory buses) throws InterruptedException {
      this.bus =
          buses.open(
              new Session(
                  "chorale-bench-worker",
                  List.of(Subscription.live(topics.replyFilter())),
                  Optional.empty(),
                  List.of()),
              inbox);
      while (!bus.isConnected()) {
        inbox.await(EVERY_NANOS);
      }
    }

    /** Seconds from the start of the process to its first reply. */
    double start(Path home, String variant, LocalBroker broker, Bytes image)
        throws IOException, MeasurementException, InterruptedException {
      ProcessBuilder builder =
          new ProcessBuilder(
              home.resolve("bin").resolve("chorale").toString(),
              "worker",
              "--variant",
              variant,
              "--site",
              SITE,
              "--name",
              "bench",
              "--broker",
              broker.uri().toString());
      builder.environment().remove("CLASSPATH");
      builder.redirectErrorStream(true).redirectOutput(home.resolve("worker.log").toFile());
      long start = System.nanoTime();
      process = Optional.of(builder.start());
      return (ask(image, 1) - start) / 1e9;
    }

    void answer(Bytes image, int count) throws MeasurementException, InterruptedException {
      var unused = ask(image, count);
    }

    /**
     * Publishes a frame every few milliseconds until so many replies are there; the last's time.
     */
    private long ask(Bytes image, int replies) throws MeasurementException, InterruptedException {
      Message frame = Message.of(topics.image("bench"), image);
      long begun = System.nanoTime();
      int heard = 0;
      for (long due = begun; due - begun < PATIENCE_NANOS; due += EVERY_NANOS) {
        var unused = bus.publish(frame);
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
          inbox.await(left);
          for (Optional<BusEvent> next = inbox.poll(); next.isPresent(); next = inbox.poll()) {
            if (next.get() instanceof BusEvent.Delivered reply && ++heard >= replies) {
              return reply.arrivedNanos();
            }
          }
        }
      }
      throw new MeasurementException("the packed worker did not answer");
    }

    double residentMegabytes() throws IOException {
      return Files.readAllLines(Path.of("/proc/" + process.orElseThrow().pid() + "/status"))
          .stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) * 1024 / 1e6)
          .findFirst()
          .orElseThrow();
    }

    @Override
    public void close() {
      process.ifPresent(each -> each.destroy());
      process.ifPresent(each -> each.onExit().join());
      bus.close();
    }
  }
}
