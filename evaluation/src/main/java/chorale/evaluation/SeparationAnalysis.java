package chorale.evaluation;

import chorale.aggregator.fusion.FusionRule;
import chorale.aggregator.fusion.Vote;
import chorale.protocol.Calibration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * A calculator of a {@link Separation}. It fuses votes as the aggregator does, in two ways: all
 * votes, and only those that arrive before the bound closes the window. Used by one thread.
 */
final class SeparationAnalysis {
  private static final double[] COVERAGES = {1, .99, .98, .97, .95, .9, .85, .8, .7, .6, .5};

  /** Seed for the order of arrival of votes. */
  private static final long SEED = 1;

  private final FusionRule rule;
  private final List<String> names;
  private final List<Integer> families;
  private final Graded all;
  private final Graded early;

  /** The answers to the known and to the unknown images. */
  private record Graded(List<GradedAnswer> known, List<GradedAnswer> unknown) {}

  private SeparationAnalysis(FusionRule rule, Outputs known, Outputs unknown) {
    this.rule = rule;
    this.names = unknown.labelNames();
    this.all = new Graded(grade(known, false), grade(unknown, false));
    this.early = new Graded(grade(known, true), grade(unknown, true));
    this.families = all.unknown().stream().map(GradedAnswer::label).distinct().sorted().toList();
  }

  /**
   * @param unknown outputs labeled with families
   */
  static Separation separate(FusionRule rule, Outputs known, Outputs unknown) {
    return new SeparationAnalysis(rule, known, unknown).separate();
  }

  private List<GradedAnswer> grade(Outputs outputs, boolean closedEarly) {
    VoteTable table = new VoteTable(outputs, Evaluator.K);
    Calibration calibration = outputs.set().calibration();
    List<Integer> order =
        new ArrayList<>(IntStream.range(0, outputs.set().variants().size()).boxed().toList());
    Random random = new Random(SEED);
    List<GradedAnswer> graded = new ArrayList<>();
    for (int image = 0; image < outputs.images(); image++) {
      if (closedEarly) {
        Collections.shuffle(order, random);
      }
      List<Vote> votes = table.votes(order, image);
      List<Vote> heard = closedEarly ? untilDecided(votes) : votes;
      graded.add(GradedAnswer.of(outputs.label(image), rule.fuse(heard), heard, calibration));
    }
    return graded;
  }

  private List<Vote> untilDecided(List<Vote> votes) {
    int heard = 1;
    while (!rule.decided(
        votes.subList(0, heard),
        votes.subList(heard, votes.size()).stream().mapToDouble(Vote::weight).toArray(),
        0)) {
      heard++;
    }
    return votes.subList(0, heard);
  }

  private Separation separate() {
    List<Separation.Family> counts = new ArrayList<>();
    for (int family : families) {
      counts.add(new Separation.Family(names.get(family), family(all, family).size()));
    }
    List<Separation.Measure> measures = new ArrayList<>();
    for (Certainty each : Certainty.values()) {
      measures.add(measure(each));
    }
    return new Separation(all.known().size(), counts, measures);
  }

  private Separation.Measure measure(Certainty certainty) {
    double keeping = quantile(certainty, all.known(), 1 - Separation.KEPT);
    List<GradedAnswer> right = all.known().stream().filter(GradedAnswer::isRight).toList();
    double losing = right.isEmpty() ? 0 : quantile(certainty, right, Separation.LOST);
    return new Separation.Measure(
        certainty,
        new Separation.Shares(
            auroc(certainty, all.unknown()),
            byFamily(all).stream().map(images -> auroc(certainty, images)).toList()),
        cut(certainty, keeping, all),
        cut(certainty, losing, all),
        cut(certainty, losing, early),
        coverage(certainty));
  }

  /** Returns the highest value such that at most this share of the answers is below it. */
  private static double quantile(Certainty certainty, List<GradedAnswer> answers, double share) {
    List<Double> sorted = answers.stream().map(each -> each.by(certainty)).sorted().toList();
    return sorted.get((int) Math.floor(share * sorted.size() + 1e-9));
  }

  /**
   * Computes the Mann-Whitney U statistic by searching each unknown value among the sorted known
   * values.
   */
  private double auroc(Certainty certainty, List<GradedAnswer> unknown) {
    double[] sorted =
        all.known().stream().mapToDouble(each -> each.by(certainty)).sorted().toArray();
    double wins = 0;
    for (GradedAnswer each : unknown) {
      double value = each.by(certainty);
      int below = firstAtLeast(sorted, value);
      int notAbove = firstAtLeast(sorted, Math.nextUp(value));
      wins += sorted.length - notAbove + (notAbove - below) / 2.0;
    }
    return wins / unknown.size() / sorted.length;
  }

  private static int firstAtLeast(double[] sorted, double value) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] < value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private Separation.Cut cut(Certainty certainty, double threshold, Graded graded) {
    Predicate<GradedAnswer> isAnswered = each -> each.by(certainty) >= threshold;
    List<GradedAnswer> answered = graded.known().stream().filter(isAnswered).toList();
    long right = graded.known().stream().filter(GradedAnswer::isRight).count();
    long kept = answered.stream().filter(GradedAnswer::isRight).count();
    return new Separation.Cut(
        threshold,
        (double) answered.size() / graded.known().size(),
        answered.isEmpty() ? Optional.empty() : Optional.of((double) kept / answered.size()),
        right == 0 ? 0 : (double) (right - kept) / right,
        new Separation.Shares(
            share(graded.unknown(), isAnswered),
            byFamily(graded).stream().map(images -> share(images, isAnswered)).toList()));
  }

  private static double share(List<GradedAnswer> answers, Predicate<GradedAnswer> matching) {
    return (double) answers.stream().filter(matching).count() / answers.size();
  }

  private List<List<GradedAnswer>> byFamily(Graded graded) {
    return families.stream().map(family -> family(graded, family)).toList();
  }

  private static List<GradedAnswer> family(Graded graded, int family) {
    return graded.unknown().stream().filter(each -> each.label() == family).toList();
  }

  private List<Separation.CoveragePoint> coverage(Certainty certainty) {
    List<Double> values =
        all.known().stream()
            .map(each -> each.by(certainty))
            .sorted(Comparator.reverseOrder())
            .toList();
    List<Separation.CoveragePoint> points = new ArrayList<>();
    for (double coverage : COVERAGES) {
      int answered = Math.max(1, (int) Math.round(coverage * values.size()));
      double right = rightAmongSurest(certainty, answered, values.get(answered - 1));
      points.add(new Separation.CoveragePoint(coverage, right / answered));
    }
    return points;
  }

  /**
   * Counts the correct answers among the most certain ones. Answers tied at the limit count by
   * their mean accuracy.
   *
   * @param least the lowest value among the most certain answers
   */
  private double rightAmongSurest(Certainty certainty, int answered, double least) {
    List<GradedAnswer> surer =
        all.known().stream().filter(each -> each.by(certainty) > least).toList();
    List<GradedAnswer> equal =
        all.known().stream().filter(each -> each.by(certainty) == least).toList();
    long right = surer.stream().filter(GradedAnswer::isRight).count();
    return right + (answered - surer.size()) * share(equal, GradedAnswer::isRight);
  }
}
