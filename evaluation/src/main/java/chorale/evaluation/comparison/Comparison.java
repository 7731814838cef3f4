package chorale.evaluation.comparison;

import chorale.evaluation.Network.Cost;
import java.util.List;
import java.util.Optional;

/**
 * The figures of a comparison: every strategy on the same images, boards and broker. Shares are 0
 * to 1, times are milliseconds. Immutable.
 *
 * @param measured in the order of the strategies, tiers last
 */
public record Comparison(Conditions conditions, List<Measured> measured) {
  public Comparison {
    measured = List.copyOf(measured);
  }

  /** Whether every request around every killed board fared as the theory says. */
  public boolean isAsTheory() {
    return measured.stream().flatMap(each -> each.deaths().stream()).allMatch(Death::asTheory);
  }

  /**
   * Under what it was found.
   *
   * @param images what they are, for the reader
   * @param judged how many of them give the accuracies
   * @param boardFactor 1 but where boards are emulated
   * @param link what is emulated between boards and broker, or {@code none}
   * @param timed images that give the response times, of each strategy
   * @param reference validation accuracy that the reference's manifest gives: whether it is trained
   */
  public record Conditions(
      String modelSet,
      String images,
      int judged,
      double boardFactor,
      String link,
      String tensorType,
      int timed,
      double reference) {}

  /**
   * One strategy, or a plan of tiers.
   *
   * @param boards what each runs
   * @param work of an image
   * @param throughput answers a second with {@link ComparisonRun#IN_FLIGHT} requests at a time
   * @param accuracy of the whole fleet, offline
   * @param agreement of the timed answers with what the theory says, image by image
   * @param losses by the number of dead boards, from none
   * @param deaths what happened when a board was killed
   */
  public record Measured(
      Contender contender,
      List<BoardCost> boards,
      Work work,
      Times times,
      double throughput,
      Wire wire,
      double accuracy,
      double agreement,
      List<Loss> losses,
      List<Death> deaths) {
    public Measured {
      boards = List.copyOf(boards);
      losses = List.copyOf(losses);
      deaths = List.copyOf(deaths);
    }

    /** Of all boards. */
    public long params() {
      return boards.stream().mapToLong(each -> each.cost().params()).sum();
    }

    /** Of the board that has most to do. */
    public Cost largest() {
      return new Cost(
          boards.stream().mapToLong(each -> each.cost().macs()).max().orElse(0),
          boards.stream().mapToLong(each -> each.cost().params()).max().orElse(0));
    }
  }

  /**
   * What an image costs.
   *
   * @param macs of all boards that work on it, mean of the images
   * @param reached for each tier, the share of the images that it is asked about; empty without
   *     tiers
   */
  public record Work(double macs, List<Double> reached) {
    public Work {
      reached = List.copyOf(reached);
    }
  }

  /** What one board computes for a request that it takes part in, and what it holds. */
  public record BoardCost(String name, Cost cost) {}

  /**
   * Response times with one request at a time.
   *
   * @param mean with tiers it says more than the median, which only images have that no later tier
   *     is asked about
   * @param againstSingle the single board's mean over this one's
   * @param notAsked with tiers of which the first is all variants: the mean of the images that no
   *     later tier was asked about, over that of strategy variant on the same images
   */
  public record Times(
      double mean, double p50, double p99, Range againstSingle, Optional<Double> notAsked) {}

  /** Of all rounds together, and the least and the most of a single one. */
  public record Range(double all, double min, double max) {}

  /**
   * Payload bytes per image on the boards' links: each message once for each board that sends or
   * hears it.
   *
   * @param input images, as JPEG
   * @param rawInput the same as uncompressed RGB of the largest input that a board needs
   * @param intermediate tensors
   * @param results replies
   */
  public record Wire(double input, double rawInput, double intermediate, double results) {
    public double total() {
      return input + intermediate + results;
    }
  }

  /**
   * What is left with so many boards dead, over every choice of them; an answer that does not come
   * is a wrong one.
   *
   * @param mean accuracy over the choices; {@code worst} and {@code best} are those of single ones
   * @param answered share of the requests that get an answer, on average over the choices
   * @param sureErrors share of the requests whose answer is wrong and not {@code unsure}, on
   *     average over the choices; empty where no votes are fused
   */
  public record Loss(
      int dead,
      int choices,
      double mean,
      double worst,
      double best,
      double answered,
      Optional<Double> sureErrors) {}

  /**
   * A board killed while requests were in flight, and the requests from then on.
   *
   * @param board that was killed
   * @param requests around the kill, some in flight
   * @param lost of them, without an answer
   * @param expected what the theory says is lost
   * @param asTheory whether every single request fared as the theory says
   * @param longestMillis that one of them took to its result, of whatever kind
   * @param afterwards of the requests, those after all knew of the death
   * @param sureErrors of the latter, those answered wrong and not {@code unsure}
   */
  public record Death(
      String board,
      int requests,
      int lost,
      String expected,
      boolean asTheory,
      double longestMillis,
      int afterwards,
      int sureErrors) {}
}
