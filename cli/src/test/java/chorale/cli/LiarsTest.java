package chorale.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.cli.LyingBoard.Lie;
import chorale.evaluation.measurement.Camera;
import chorale.evaluation.measurement.Response;
import chorale.mqtt.PahoBus;
import chorale.protocol.Address;
import chorale.protocol.Bytes;
import chorale.protocol.RequestKey;
import chorale.protocol.Result;
import chorale.protocol.Result.Missing;
import chorale.protocol.Result.MissingReason;
import chorale.protocol.ResultCodec;
import chorale.protocol.Topics;
import chorale.protocol.bus.Bus;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.Session;
import chorale.protocol.bus.Subscription;
import chorale.site.Board;
import chorale.site.LocalBroker;
import chorale.site.LocalSite;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Two liars among five boards on the embedded broker. The aggregator and three honest boards are
 * processes; the liars are real workers whose answers are replaced. Both answer at random, one from
 * the first frame, the other after a while.
 */
class LiarsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Topics TOPICS = new Topics("home");
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final Path MODELS = HOME.resolve("variants/models/cifar10");
  private static final String SITE = "test";
  private static final int HONEST_FRAMES = 60;

  @TempDir Path folder;
  private final Inbox heard = new Inbox(100_000, 1 << 26);
  private final Set<RequestKey> asked = new HashSet<>();
  private final List<Picture> pictures = new ArrayList<>();

  private record Picture(String label, Bytes image) {}

  private static LocalSite.Plan plan() {
    return new LocalSite.Plan(
        SITE,
        TOPICS,
        List.of(Board.of("V1"), Board.of("V2"), Board.of("V3")),
        MODELS,
        new LocalSite.Arguments(
            List.of(),
            List.of(),
            List.of(),
            Map.of(
                "CHORALE_AGGREGATOR_WITHSTAND", "2",
                "CHORALE_AGGREGATOR_CHECK_EVERY", "1s")));
  }

  private void readPictures() throws Exception {
    try (Stream<Path> files = Files.walk(HOME.resolve("pictures"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".jpg")).sorted().toList()) {
        String label = file.getParent().getFileName().toString();
        pictures.add(new Picture(label, Bytes.wrap(Files.readAllBytes(file))));
      }
    }
  }

  @Test
  void twoLiarsOfFive_areQuarantined_andTheHonestDecide() throws Exception {
    readPictures();
    try (LocalBroker broker =
        LocalBroker.start(LocalBroker.EMBEDDED, Files.createDirectory(folder.resolve("broker")))) {
      BusFactory buses = PahoBus.factory(broker.connection());
      String address = broker.connection().broker().toString();
      Lie late = Lie.sleeper(HONEST_FRAMES, Lie.random(2));
      try (Bus bus =
              buses.open(
                  Session.of("test", List.of(Subscription.live(TOPICS.resultFilter()))), heard);
          Camera camera = new Camera("gate", TOPICS, 20_000, buses);
          LocalSite site = LocalSite.start(plan(), broker, buses, folder.resolve("site"));
          LyingBoard one = new LyingBoard("liar-1", "V4", MODELS, TOPICS, buses, Lie.random(1));
          LyingBoard two = new LyingBoard("liar-2", "V5", MODELS, TOPICS, buses, late)) {
        await().atMost(PATIENCE).until(bus::isConnected);
        camera.awaitSubscribed();
        site.awaitReady(() -> false);
        List<String> liars = List.of(one.name(), two.name());
        untilQuarantined(camera, liars);
        theHonestDecide(camera, liars);
        anOperatorDecides(camera, address, liars);
        onlyTheCamerasFramesHaveResults();
      }
    }
  }

  private Result ask(Camera camera, Picture picture) throws Exception {
    Response response = camera.ask(picture.image());
    asked.add(response.key());
    return response.result().orElseThrow();
  }

  private void untilQuarantined(Camera camera, List<String> expected) throws Exception {
    long start = System.nanoTime();
    List<String> last = List.of();
    int frames = 0;
    while (!last.equals(expected)) {
      assertTrue(System.nanoTime() - start < PATIENCE.toNanos(), "quarantined in the end: " + last);
      last = ask(camera, pictures.get(frames++ % pictures.size())).quarantined();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf("%s quarantined after %d frames, %.1f s%n", expected, frames, seconds);
  }

  private void theHonestDecide(Camera camera, List<String> liars) throws Exception {
    int right = 0;
    for (Picture each : pictures) {
      Result result = ask(camera, each);
      assertEquals(liars, result.quarantined());
      assertTrue(
          result.answered().stream().noneMatch(vote -> liars.contains(vote.worker())),
          result::toString);
      assertEquals(
          List.of("V4", "V5"),
          result.missing().stream()
              .filter(missing -> missing.reason() == MissingReason.QUARANTINED)
              .map(Missing::variant)
              .toList());
      right += result.answer().orElseThrow().name().equals(each.label()) ? 1 : 0;
    }
    System.out.printf("the others: %d of %d are right%n", right, pictures.size());
    assertTrue(right > .8 * pictures.size(), right + " of " + pictures.size() + " are right");
  }

  private void anOperatorDecides(Camera camera, String address, List<String> liars)
      throws Exception {
    String honest = SITE + "-V1";
    String status = run(ExitCodes.DEGRADED, "status", "--broker", address);
    assertTrue(
        status.contains("Board liar-1 is quarantined by aggregator test: its probabilities"),
        status);
    assertEquals(
        "chorale: WORKER: 'ghost'; allowed: liar-1, liar-2, test-V1, test-V2, test-V3",
        run(ExitCodes.MISTAKE, "trust", "ghost", "--broker", address));
    String[] quarantine = {
      "trust", honest, "--quarantine", "--reason", "a test", "--broker", address
    };
    assertEquals(honest + " is quarantined.", run(ExitCodes.OK, quarantine));
    untilQuarantined(camera, List.of("liar-1", "liar-2", honest));
    assertEquals(honest + " is trusted.", run(ExitCodes.OK, "trust", honest, "--broker", address));
    untilQuarantined(camera, liars);
  }

  private static String run(int code, String... arguments) {
    StringWriter out = new StringWriter();
    CommandLine command = Chorale.commandLine();
    command.setOut(new PrintWriter(out));
    command.setErr(new PrintWriter(out));
    assertEquals(code, command.execute(arguments), out::toString);
    return out.toString().strip();
  }

  private void onlyTheCamerasFramesHaveResults() throws Exception {
    int results = 0;
    for (Optional<BusEvent> next = heard.poll(); next.isPresent(); next = heard.poll()) {
      if (next.get() instanceof BusEvent.Delivered delivered
          && TOPICS.parse(delivered.message().topic()) instanceof Address.Result) {
        Result result = new ResultCodec().decode(delivered.message().payload());
        assertTrue(asked.contains(result.requestId()), result::toString);
        results++;
      }
    }
    assertEquals(asked.size(), results);
  }
}
