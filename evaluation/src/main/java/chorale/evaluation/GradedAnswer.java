package chorale.evaluation;

import chorale.aggregator.fusion.Fused;
import chorale.aggregator.fusion.Vote;
import chorale.protocol.Calibration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The fused answer to one image and how sure it is. Immutable.
 *
 * @param label what the image shows, as an index
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

  /** Of an image that shows one of the set's classes. */
  boolean isRight() {
    return winner == label;
  }

  double by(Certainty certainty) {
    return certainties.get(certainty);
  }
}
