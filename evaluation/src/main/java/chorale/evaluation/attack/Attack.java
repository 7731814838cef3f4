package chorale.evaluation.attack;

import chorale.aggregator.fusion.Fused;
import chorale.aggregator.fusion.FusionRule;
import chorale.aggregator.fusion.Vote;
import chorale.protocol.Fusion;
import chorale.protocol.Labels;
import chorale.protocol.Ranked;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** What lying boards say. Deterministic: a request number and a board give the same lie. */
public enum Attack {
  SILENT("no reply"),
  ONE_CLASS("each liar one class of its own, with probability 1"),
  RANDOM("any class, with probability 1"),
  LABEL_FLIP("its own vote, each class exchanged for the next one"),
  COLLUDING("all liars the same class, with probability 1"),
  RUNNER_UP("all liars the second class of the honest boards, with probability 1"),
  SLEEPERS("honest for the first half, then the runner-up"),
  SOMETIMES("the runner-up on 30 % of the requests, otherwise honest"),
  SELDOM("the runner-up where the honest boards' lead is below .4, otherwise honest"),
  PICKY("the runner-up where the honest boards' lead is below .7, otherwise honest"),
  DRIFTING("from its own vote slowly to the runner-up"),
  STILL_CAMERA("the runner-up, to a camera that shows each image many times in a row");

  /** Of the requests, for {@link #SOMETIMES}. */
  private static final double SHARE = .3;

  /** Of the honest boards, as a mean probability. */
  private static final double SELDOM_LEAD = .4;

  private static final double PICKY_LEAD = .7;

  private static final FusionRule DEFAULT = FusionRule.of(Fusion.DEFAULT);

  private final String description;

  Attack(String description) {
    this.description = description;
  }

  /**
   * What a liar knows.
   *
   * @param number of the request, from 0
   * @param of requests in all
   * @param honest votes of the honest boards about the same image
   */
  record Situation(int number, int of, List<Vote> honest) {}

  public String label() {
    return Labels.of(this).replace('_', '-');
  }

  public String description() {
    return description;
  }

  /** Whether its liars say something else than they would in good faith. */
  boolean isLying(int number, int of) {
    return switch (this) {
      case SLEEPERS -> number >= of / 2;
      case SOMETIMES -> new SplittableRandom(number).nextDouble() < SHARE;
      default -> true;
    };
  }

  /**
   * @param board of the liar, from 0
   * @param own its vote in good faith
   */
  Optional<Vote> told(Situation situation, int board, Vote own) {
    if (!isLying(situation.number(), situation.of())) {
      return Optional.of(own);
    }
    int classes = own.classCount();
    return switch (this) {
      case SILENT -> Optional.empty();
      case ONE_CLASS -> certain(own, board % classes);
      case RANDOM -> {
        SplittableRandom random = new SplittableRandom(31L * situation.number() + board);
        yield certain(own, random.nextInt(classes));
      }
      case LABEL_FLIP ->
          said(
              own,
              own.ranked().stream()
                  .map(each -> new Ranked((each.index() + 1) % classes, each.probability()))
                  .toList());
      case COLLUDING -> certain(own, 3 % classes);
      case RUNNER_UP, SLEEPERS, SOMETIMES, STILL_CAMERA ->
          certain(own, runnerUp(situation.honest()));
      case SELDOM -> unsure(situation.honest(), SELDOM_LEAD, own);
      case PICKY -> unsure(situation.honest(), PICKY_LEAD, own);
      case DRIFTING ->
          drifted(own, runnerUp(situation.honest()), (double) situation.number() / situation.of());
    };
  }

  private static Optional<Vote> certain(Vote own, int index) {
    return said(own, List.of(new Ranked(index, 1)));
  }

  private static Optional<Vote> said(Vote own, List<Ranked> ranked) {
    return Optional.of(
        new Vote(own.variant(), own.alpha(), own.inputSize(), own.classCount(), ranked));
  }

  /** The lie only where it is likely to win. */
  private static Optional<Vote> unsure(List<Vote> honest, double lead, Vote own) {
    return DEFAULT.fuse(honest).margin() < lead ? certain(own, runnerUp(honest)) : Optional.of(own);
  }

  /** The class that needs the least help to win. */
  private static int runnerUp(List<Vote> honest) {
    List<Fused.Scored> ranked = DEFAULT.fuse(honest).ranked();
    return ranked.size() > 1
        ? ranked.get(1).index()
        : (ranked.get(0).index() + 1) % honest.get(0).classCount();
  }

  /** As many classes as before, of a mixture. */
  private static Optional<Vote> drifted(Vote own, int index, double share) {
    List<Ranked> mixed = new ArrayList<>();
    double other = share;
    for (Ranked each : own.ranked()) {
      if (each.index() == index) {
        other += (1 - share) * each.probability();
      } else {
        mixed.add(new Ranked(each.index(), (1 - share) * each.probability()));
      }
    }
    mixed.add(new Ranked(index, Math.min(1, other)));
    mixed.sort(Comparator.comparingDouble(Ranked::probability).reversed());
    return said(own, mixed.subList(0, Math.min(mixed.size(), own.ranked().size())));
  }
}
