package chorale.bench;

import chorale.bench.Figure.Target;
import chorale.protocol.SigningKey;
import chorale.site.Board;
import chorale.site.LocalSite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A measurement of signed replies: rate and response of a fleet with reply keys against one
 * without, all on this machine.
 */
final class SigningPart extends BenchPart {
  private static final double LEAST_RATE = .98;
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
        Map<String, String> environment =
            new HashMap<>(Map.of("CHORALE_AGGREGATOR_BOUND", "false"));
        List<Board> boards = new ArrayList<>(models.variants().stream().map(Board::of).toList());
        if (name.equals(SIGNED)) {
          Path keys = keys(boards, broker.folder());
          environment.put("CHORALE_AGGREGATOR_REPLY_KEYS_FILE", keys.toString());
        }
        LocalSite.Plan plan = BenchBroker.site(name, boards, models, 1, environment);
        live.add(FleetPair.ready(plan, broker, resources, settings));
      }
      FigureList figures = new FigureList();
      new FleetPair(live.get(0), live.get(1))
          .measure(settings, 20)
          .tell(
              figures,
              "unsigned",
              "signed",
              Optional.empty(),
              Optional.of(Target.atLeast(LEAST_RATE)));
      return new Findings(figures.figures(), List.of(), List.of(FleetPair.NOTE));
    }
  }

  /**
   * Creates a key for each board, and changes the boards to use it.
   *
   * @return the aggregator's file of keys
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
}
