package chorale.evaluation.attack;

import chorale.aggregator.fusion.FusionRule;
import chorale.evaluation.EvaluationException;
import chorale.evaluation.Outputs;
import chorale.evaluation.VoteTable;
import chorale.evaluation.attack.Attacks.Row;
import chorale.evaluation.attack.Replay.Asked;
import chorale.evaluation.attack.Replay.Counts;
import chorale.protocol.Fusion;
import chorale.protocol.Limits;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A calculator of {@link Attacks} from the outputs of a model set's variants. Used by one thread.
 */
public final class AttackRun {
  public static final int MOST_LIARS = 3;

  /** Minimum number of boards: with fewer, the honest ones cannot outvote a liar. */
  private static final int LEAST_BOARDS = 3;

  /** Number of times that a still camera sends each image. */
  static final int STILL = 50;

  private static final int STILL_SHARE = 25;
  private static final int CALM_REQUESTS = 100_000;
  private static final int SEARCHED = 2_000;

  private final Outputs outputs;
  private final List<Asked> stream;
  private final List<Asked> still;
  private final List<String> boards;
  private final List<Row> rows = new ArrayList<>();
  private final Consumer<String> progress;

  private AttackRun(Outputs outputs, long seed, Consumer<String> progress) {
    this.outputs = outputs;
    this.boards = outputs.set().variants().stream().map(each -> each.id()).toList();
    this.progress = progress;
    VoteTable votes = new VoteTable(outputs, Limits.DEFAULT_K);
    List<Integer> every = IntStream.range(0, boards.size()).boxed().toList();
    List<Asked> all = new ArrayList<>();
    for (int image = 0; image < outputs.images(); image++) {
      all.add(new Asked(outputs.label(image), votes.votes(every, image)));
    }
    Collections.shuffle(all, new Random(seed));
    this.stream = List.copyOf(all);
    this.still =
        all.stream()
            .limit(Math.max(1, all.size() / STILL_SHARE))
            .flatMap(each -> Stream.generate(() -> each).limit(STILL))
            .toList();
  }

  /**
   * Computes all attacks.
   *
   * @param seed for the order of the images
   * @param progress receives a line after each attack
   * @throws EvaluationException if the set has too few variants or is split by class, or no image
   *     was classified
   */
  public static Attacks of(Outputs outputs, long seed, Consumer<String> progress)
      throws EvaluationException {
    int variants = outputs.set().variants().size();
    if (variants < LEAST_BOARDS) {
      throw new EvaluationException(
          "%s: %d variants (allowed: at least %d, so that honest boards can outvote a liar)"
              .formatted(outputs.set().name(), variants, LEAST_BOARDS));
    }
    if (outputs.set().byClass()) {
      throw new EvaluationException(
          outputs.set().name()
              + ": each variant classifies only some of the classes, so variants cannot outvote a"
              + " liar (allowed: a set with variants for all classes)");
    }
    if (outputs.images() == 0) {
      throw new EvaluationException(
          "no readable image to evaluate (" + outputs.skipped() + " unreadable)");
    }
    return new AttackRun(outputs, seed, progress).run();
  }

  private Attacks run() {
    add(Optional.empty(), 0);
    add(Optional.of(Attack.STILL_CAMERA), 0);
    for (Attack attack : Attack.values()) {
      for (int liars = 1; liars <= Math.min(MOST_LIARS, boards.size() - 1); liars++) {
        add(Optional.of(attack), liars);
      }
      progress.accept(attack.label());
    }
    Replay honest = new Replay(stream, Optional.empty(), Set.of());
    int quarantined = SelfChecks.in(honest, stream, Set.of(), CALM_REQUESTS, 0).honest();
    List<Asked> windows = stream.subList(0, Math.min(SEARCHED, stream.size()));
    List<Attacks.Searched> searches =
        Stream.of(Fusion.values()).map(fusion -> searched(fusion, windows)).toList();
    progress.accept("search for false certificates");
    return new Attacks(
        outputs.set().name(),
        boards,
        stream.size(),
        rows,
        new Attacks.Calm(CALM_REQUESTS, quarantined),
        searches);
  }

  private static Attacks.Searched searched(Fusion fusion, List<Asked> windows) {
    CertificateSearch.Found found = CertificateSearch.search(FusionRule.of(fusion), windows);
    return new Attacks.Searched(fusion, windows.size(), found.certified(), found.falsely());
  }

  /** The outcome of one choice of liars. */
  private record Tried(
      Set<Integer> liars, double honest, Map<Fusion, Counts> counts, SelfChecks.Found found) {}

  private void add(Optional<Attack> attack, int liars) {
    boolean isStill = attack.equals(Optional.of(Attack.STILL_CAMERA));
    List<Asked> asked = isStill ? still : stream;
    int firstLie =
        IntStream.range(0, asked.size())
            .filter(i -> attack.isEmpty() || attack.get().isLying(i, asked.size()))
            .findFirst()
            .orElse(0);
    List<Tried> tried =
        Replay.choices(boards.size(), liars).stream()
            .map(
                choice -> {
                  Replay replay = new Replay(asked, attack, choice);
                  return new Tried(
                      choice,
                      replay.honestAccuracy(),
                      replay.counts(),
                      SelfChecks.in(replay, asked, choice, asked.size(), firstLie));
                })
            .toList();
    String label = attack.map(Attack::label).orElse(Row.NONE);
    Attacks.Checks checks = checks(tried);
    for (Fusion rule : Fusion.values()) {
      rows.add(row(rule, label, liars, tried, asked.size(), checks));
    }
  }

  private static Attacks.Checks checks(List<Tried> tried) {
    List<OptionalInt> after = tried.stream().map(each -> each.found().after()).toList();
    return new Attacks.Checks(
        after.stream().allMatch(OptionalInt::isPresent)
            ? after.stream().mapToInt(OptionalInt::getAsInt).max()
            : OptionalInt.empty(),
        tried.stream().mapToInt(each -> each.found().honest()).sum());
  }

  private Row row(
      Fusion rule,
      String attack,
      int liars,
      List<Tried> tried,
      double requests,
      Attacks.Checks checks) {
    Tried worst = tried.get(0);
    double sum = 0;
    double lost = Double.NEGATIVE_INFINITY;
    double certified = 1;
    int falsely = 0;
    for (Tried each : tried) {
      Counts counts = each.counts().get(rule);
      double accuracy = counts.right() / requests;
      worst = counts.right() < worst.counts().get(rule).right() ? each : worst;
      sum += accuracy;
      lost = Math.max(lost, each.honest() - accuracy);
      certified = Math.min(certified, counts.certified() / requests);
      falsely += counts.falsely();
    }
    double accuracy = worst.counts().get(rule).right() / requests;
    double mean = sum / tried.size();
    return new Row(
        rule,
        attack,
        liars,
        new Attacks.Choices(accuracy, mean, worst.honest(), lost, certified, falsely),
        worst.liars().stream().sorted().map(boards::get).toList(),
        checks);
  }
}
