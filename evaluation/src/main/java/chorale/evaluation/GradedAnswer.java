package chorale.evaluation;

import chorale.aggregator.fusion.Fused;
import chorale.aggregator.fusion.Vote;
import chorale.protocol.Calibration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The fused answer to one image, with all certainty measures. Immutable.
 *
 * @param label index of the true class or family
 * @param winner class index
 */
record GradedAnswer(int label, int winner, Map<Certainty, Double> certainties) {
  GradedAnswer {
    certainties = Map.copyOf(certainties);
  }

  static GradedAnswer of(int label, Fused fused, List<Vote> votes, Calibration calibration) {
    Map<Certainty, Double> certainties = new EnumMap<>(Certainty.class);
    for (Certainty each : Certainty.values()) {
      certainties.put(each, each.of(fused, votes, calibration));
    }
    return new GradedAnswer(label, fused.winner(), certainties);
  }

  /** Returns whether the answer is correct; only for known images. */
  boolean isRight() {
    return winner == label;
  }

  double by(Certainty certainty) {
    return certainties.get(certainty);
  }
}
