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

/**
 * The simulated attacks of lying boards. Deterministic: the same request number, board and votes
 * give the same lie.
 */
public enum Attack {
  SILENT("no reply"),
  ONE_CLASS("each liar a different class, with probability 1"),
  RANDOM("a random class, with probability 1"),
  LABEL_FLIP("the true vote with each class replaced by the next one"),
  COLLUDING("all liars the same class, with probability 1"),
  RUNNER_UP("all liars the second class of the honest boards, with probability 1"),
  SLEEPERS("honest for the first half, then runner-up"),
  SOMETIMES("runner-up on 30 % of the requests, otherwise honest"),
  SELDOM("runner-up if the honest boards' margin is below 0.4, otherwise honest"),
  PICKY("runner-up if the honest boards' margin is below 0.7, otherwise honest"),
  DRIFTING("a gradual drift from the true vote to runner-up"),
  STILL_CAMERA("runner-up, with a camera that sends each image many times in a row");

  /** Share of the requests with a lie, for {@link #SOMETIMES}. */
  private static final double SHARE = .3;

  /** Margin of the honest boards' fused answer below which {@link #SELDOM} lies. */
  private static final double SELDOM_LEAD = .4;

  private static final double PICKY_LEAD = .7;

  private static final FusionRule DEFAULT = FusionRule.of(Fusion.DEFAULT);

  private final String description;

  Attack(String description) {
    this.description = description;
  }

  /**
   * The information available to a liar.
   *
   * @param number of the request, from 0
   * @param of total number of requests
   * @param honest votes of the honest boards for the same image
   */
  record Situation(int number, int of, List<Vote> honest) {}

  public String label() {
    return Labels.of(this).replace('_', '-');
  }

  public String description() {
    return description;
  }

  /** Returns whether liars lie on this request; on others they vote truthfully. */
  boolean isLying(int number, int of) {
    return switch (this) {
      case SLEEPERS -> number >= of / 2;
      case SOMETIMES -> new SplittableRandom(number).nextDouble() < SHARE;
      default -> true;
    };
  }

  /**
   * Returns a liar's vote; empty if it sends none.
   *
   * @param board of the liar, from 0
   * @param own its true vote
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

  /** Returns the lie if the honest margin is small enough for it to win, else the true vote. */
  private static Optional<Vote> unsure(List<Vote> honest, double lead, Vote own) {
    return DEFAULT.fuse(honest).margin() < lead ? certain(own, runnerUp(honest)) : Optional.of(own);
  }

  /** Returns the class with the second highest fused score, the easiest one to make win. */
  private static int runnerUp(List<Vote> honest) {
    List<Fused.Scored> ranked = DEFAULT.fuse(honest).ranked();
    return ranked.size() > 1
        ? ranked.get(1).index()
        : (ranked.get(0).index() + 1) % honest.get(0).classCount();
  }

  /** Mixes the true vote with the lie; the vote keeps its number of classes. */
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
