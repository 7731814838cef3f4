package chorale.config;

import chorale.protocol.Fusion;
import chorale.protocol.Strategy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The settings of an aggregator. Immutable.
 *
 * @param fusion the fusion rule
 * @param deadline the default budget of a request
 * @param k default number of classes that each variant returns
 * @param quorum number of variants that is enough to decide; 0 is off
 * @param bound whether a window closes as soon as missing votes cannot change the answer
 * @param withstand number of boards that may lie: the bound assumes this many false votes, and at
 *     most this many workers are quarantined
 * @param checkEvery time between two checks of a board, if boards may lie
 * @param escalate when the next tier is asked about a frame
 * @param minConfidence confidence below which an answer is {@code unsure}, 0 to 1; 0 is off
 * @param minMargin margin below which an answer is {@code unsure}, 0 to 1; 0 is off
 * @param steady number of equal results in a row that change a camera's class; 0 is off
 * @param openWindows maximum number of open windows; one more closes the oldest window of the
 *     camera that has the most, as {@code overload}
 * @param remembered maximum number of decided requests kept for retries
 * @param responsePrefixes prefixes of allowed response topics besides the camera's own
 * @param strategy of the site
 * @param models directory of the site's model set; if empty, the aggregator learns it from the
 *     workers
 */
public record AggregatorSettings(
    String name,
    Fusion fusion,
    Duration deadline,
    int k,
    int quorum,
    boolean bound,
    int withstand,
    Duration checkEvery,
    Escalate escalate,
    double minConfidence,
    double minMargin,
    int steady,
    int openWindows,
    int remembered,
    List<String> responsePrefixes,
    Duration healthEvery,
    Strategy strategy,
    Optional<Path> models) {
  public AggregatorSettings {
    responsePrefixes = List.copyOf(responsePrefixes);
  }
}
