package chorale.config;

import chorale.protocol.Fusion;
import chorale.protocol.Strategy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How an aggregator decides.
 *
 * @param fusion how votes become one answer
 * @param deadline the budget of a frame that names none
 * @param k classes that each variant returns where the frame does not say
 * @param quorum variants whose votes suffice; 0 is off
 * @param bound whether a lead that cannot be overtaken closes a window
 * @param withstand boards that may lie: the bound assumes it, and so many may be quarantined
 * @param checkEvery time between two checks of a board, where boards may lie
 * @param escalate when the next tier is asked about a frame
 * @param minConfidence of an answer that is not {@code unsure}, 0 to 1; 0 is off
 * @param minMargin the same of its lead over the second class
 * @param steady equal results in a row that make a camera's class; 0 is off
 * @param openWindows at most; one more closes the oldest as {@code overload}
 * @param remembered decided requests kept for retries, at most
 * @param responsePrefixes where response topics may lie besides the camera's own
 * @param strategy of the site
 * @param models directory of the site's model set; empty: learned from what workers announce
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
