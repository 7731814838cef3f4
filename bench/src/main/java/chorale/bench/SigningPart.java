package chorale.bench;

import chorale.bench.Figure.Target;
import chorale.evaluation.measurement.Camera;
import chorale.evaluation.measurement.Rounds;
import chorale.protocol.SigningKey;
import chorale.site.Board;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What signed replies cost: the rate and the response of a fleet whose replies are signed and
 * checked, against one without keys, all on this machine.
 */
final class SigningPart extends BenchPart {
  private static final int IN_FLIGHT = 8;
  private static final double TARGET = .98;
  private static final String UNSIGNED = "bench-unsigned";
  private static final String SIGNED = "bench-signed";

  SigningPart() {
    super("signing", "the rate of a fleet with signed replies against one without");
  }

  @Override
  Findings run(BenchSettings settings) throws Exception {
    BenchModels models = BenchModels.open(settings.models());
    try (BenchBroker broker = BenchBroker.start(settings);
        ResourceStack resources = new ResourceStack()) {
      List<LiveSystem> live = new ArrayList<>();
      for (String name : List.of(UNSIGNED, SIGNED)) {
        Camera camera = resources.add(broker.camera(name));
        camera.awaitSubscribed();
        Map<String, String> environment =
            new HashMap<>(Map.of("CHORALE_AGGREGATOR_BOUND", "false"));
        List<Board> boards = new ArrayList<>(models.variants().stream().map(Board::of).toList());
        if (name.equals(SIGNED)) {
          Path keys = keys(boards, broker.folder());
          environment.put("CHORALE_AGGREGATOR_REPLY_KEYS_FILE", keys.toString());
        }
        var site =
            resources.add(broker.start(BenchBroker.site(name, boards, models, 1, environment)));
        settings.tell("waiting for " + name);
        var unused = site.awaitReady(() -> false);
        live.add(new LiveSystem(name, camera, BenchImages.load(), 0));
      }
      settings.tell("warming up");
      for (LiveSystem each : live) {
        var unused = new Throughput(each, IN_FLIGHT, settings.either(6_000, 10)).sample(0);
      }
      settings.tell("measuring");
      Rounds responses =
          Rounds.run(live, new Rounds.Extent(1, settings.either(8, 1), settings.either(150, 1)));
      int count = settings.either(1_000, 10);
      Rounds rates =
          Rounds.run(
              live.stream().map(each -> new Throughput(each, IN_FLIGHT, count)).toList(),
              new Rounds.Extent(0, settings.either(20, 1), 1));
      return findings(responses, rates);
    }
  }

  /**
   * Makes a key for each board, and the boards use them.
   *
   * @return the aggregator's file
   */
  private static Path keys(List<Board> boards, Path folder) throws IOException {
    SecureRandom random = new SecureRandom();
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < boards.size(); i++) {
      Board board = boards.get(i);
      byte[] secret = new byte[SigningKey.BYTES];
      random.nextBytes(secret);
      String key = Base64.getEncoder().encodeToString(secret);
      lines.add(SIGNED + '-' + board.name() + ' ' + key);
      Path file = Files.writeString(folder.resolve(board.name() + ".key"), key);
      Path settings =
          Files.writeString(
              folder.resolve(board.name() + ".conf"),
              "chorale.worker.reply-key-file = \"" + file.getFileName() + "\"\n");
      List<String> arguments = new ArrayList<>(board.arguments());
      arguments.addAll(List.of("--config", settings.toString()));
      boards.set(i, new Board(board.name(), arguments));
    }
    return Files.write(folder.resolve("reply-keys"), lines);
  }

  private static Findings findings(Rounds responses, Rounds rates) {
    FigureList figures = new FigureList();
    List<Double> slow = responses.medians(SIGNED, LiveSystem.RESPONSE);
    List<Double> fast = responses.medians(UNSIGNED, LiveSystem.RESPONSE);
    figures.known("response, unsigned", "ms", fast);
    figures.known("response, signed", "ms", slow);
    figures.known("response, signed over unsigned", "x", FigureList.ratios(slow, fast));
    List<Double> signed = rates.medians(SIGNED, Throughput.RATE);
    List<Double> unsigned = rates.medians(UNSIGNED, Throughput.RATE);
    figures.known("rate, unsigned", "frames/s", unsigned);
    figures.known("rate, signed", "frames/s", signed);
    figures.judged(
        "rate, signed over unsigned",
        "x",
        Target.atLeast(TARGET),
        FigureList.ratios(signed, unsigned));
    return new Findings(
        figures.figures(),
        List.of(),
        List.of(
            "As 'pipeline': responses one frame at a time, rates with "
                + IN_FLIGHT
                + ", every frame answered by all variants; rounds alternate."));
  }
}
