package chorale.evaluation.comparison;

import chorale.evaluation.measurement.EmulatedLinks;
import chorale.protocol.Strategy;
import chorale.variants.ModelSet;
import java.util.List;
import java.util.Optional;

/**
 * The settings of a comparison. Immutable.
 *
 * @param classSet the set of strategy class; that strategy is omitted without one
 * @param images their origin, for the reader of the report
 * @param link emulated between boards and broker; empty for none
 * @param tensorType type of model parallelism's tensors on the wire: float32 or float16
 * @param boardFactor how many times slower than this machine the emulated boards are; 1 for no
 *     emulation
 * @param rounds of response times; every strategy has one turn per round
 * @param turns images per strategy and round
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

  /** Returns the model set of a strategy's boards. */
  ModelSet set(Strategy strategy) {
    return strategy == Strategy.CLASS ? classSet.orElseThrow() : set;
  }

  List<String> workerArguments() {
    return List.of("--tensor-type", tensorType, "--board-factor", String.valueOf(boardFactor));
  }
}
