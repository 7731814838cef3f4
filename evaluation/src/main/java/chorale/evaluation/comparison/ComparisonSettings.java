package chorale.evaluation.comparison;

import chorale.evaluation.measurement.EmulatedLinks;
import chorale.protocol.Strategy;
import chorale.variants.ModelSet;
import java.util.List;
import java.util.Optional;

/**
 * The settings of a comparison. Immutable.
 *
 * @param classSet the set of strategy class; without it that strategy is left out
 * @param images what they are, for the reader of the report
 * @param link emulated between boards and broker; empty for none
 * @param tensorType how model parallelism's tensors travel: float32 or float16
 * @param boardFactor how many times slower than this machine the emulated boards are; 1 for none
 * @param rounds of response times, in each of which every strategy has its turn
 * @param turns images of each strategy in a round
 */
public record ComparisonSettings(
    ModelSet set,
    Optional<ModelSet> classSet,
    String images,
    Optional<EmulatedLinks.Kind> link,
    String tensorType,
    double boardFactor,
    int rounds,
    int turns) {

  /** The model set that a strategy's boards run. */
  ModelSet set(Strategy strategy) {
    return strategy == Strategy.CLASS ? classSet.orElseThrow() : set;
  }

  List<String> workerArguments() {
    return List.of("--tensor-type", tensorType, "--board-factor", String.valueOf(boardFactor));
  }
}
