package chorale.evaluation.comparison;

import chorale.evaluation.Network.Cost;
import java.util.List;
import java.util.Optional;

/**
 * The figures of a comparison: every strategy on the same images, boards and broker. Shares are 0
 * to 1, times in milliseconds. Immutable.
 *
 * @param measured in the order of the strategies, tiers last
 */
public record Comparison(Conditions conditions, List<Measured> measured) {
  public Comparison {
    measured = List.copyOf(measured);
  }

  /** Returns whether every request around every killed board matched the theory. */
  public boolean isAsTheory() {
    return measured.stream().flatMap(each -> each.deaths().stream()).allMatch(Death::asTheory);
  }

  /**
   * The conditions of the measurement.
   *
   * @param images their origin, for the reader
   * @param judged number of images for the accuracies
   * @param boardFactor how many times slower than this machine the emulated boards are; 1 without
   *     emulation
   * @param link emulated link between boards and broker, or {@code none}
   * @param timed number of images for the response times, per strategy
   * @param reference validation accuracy from the reference's manifest; shows whether it is trained
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
   * The figures of one strategy or plan of tiers.
   *
   * @param boards cost of each board
   * @param work per image
   * @param throughput answers per second with {@link ComparisonRun#IN_FLIGHT} requests in flight
   * @param accuracy of the whole fleet, computed offline
   * @param agreement share of the timed answers that match the offline answers, image by image
   * @param losses by the number of dead boards, from 0
   * @param deaths observations of killed boards
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

    /** Returns the parameters of all boards. */
    public long params() {
      return boards.stream().mapToLong(each -> each.cost().params()).sum();
    }

    /** Returns the largest MACs and the largest parameters of a board. */
    public Cost largest() {
      return new Cost(
          boards.stream().mapToLong(each -> each.cost().macs()).max().orElse(0),
          boards.stream().mapToLong(each -> each.cost().params()).max().orElse(0));
    }
  }

  /**
   * The work for one image.
   *
   * @param macs of all boards that work on it, mean over the images
   * @param reached for each tier, the share of the images that reach it; empty without tiers
   */
  public record Work(double macs, List<Double> reached) {
    public Work {
      reached = List.copyOf(reached);
    }
  }

  /** The MACs and parameters of one board, for a request that it takes part in. */
  public record BoardCost(String name, Cost cost) {}

  /**
   * Response times with one request at a time.
   *
   * @param mean more informative than the median for tiers, because the median ignores the images
   *     that reach later tiers
   * @param againstSingle speedup: the mean of the single board divided by this mean
   * @param notAsked slowdown by tiers whose first tier has all variants: the mean over the images
   *     that the first tier decides, divided by the mean of strategy variant on the same images
   */
  public record Times(
      double mean, double p50, double p99, Range againstSingle, Optional<Double> notAsked) {}

  /** A value over all rounds, and the minimum and maximum of single rounds. */
  public record Range(double all, double min, double max) {}

  /**
   * Payload bytes per image on the boards' links. Each message counts once for each board that
   * sends or receives it.
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
   * The accuracy with this number of dead boards, over every choice of them. A missing answer
   * counts as wrong.
   *
   * @param mean accuracy over the choices; {@code worst} and {@code best} are those of single
   *     choices
   * @param answered share of the requests with an answer, mean over the choices
   * @param sureErrors share of the requests with an answer that is wrong but not {@code unsure},
   *     mean over the choices; empty for strategies without fusion
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
   * The outcome of killing one board while requests were in flight.
   *
   * @param board that was killed
   * @param requests before, during and after the kill
   * @param lost number of them without an answer
   * @param expected the theory's prediction, for people
   * @param asTheory whether every single request matched the theory
   * @param longestMillis longest time from request to result, of any status
   * @param afterwards number of the requests sent after all processes had detected the loss
   * @param sureErrors number of those with an answer that is wrong but not {@code unsure}
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
