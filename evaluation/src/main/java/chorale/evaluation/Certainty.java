package chorale.evaluation;

import chorale.aggregator.fusion.Fused;
import chorale.aggregator.fusion.Vote;
import chorale.protocol.Calibration;
import chorale.protocol.Labels;
import java.util.List;

/**
 * Measures of the certainty of a fused answer, computed from its votes: 0 to 1, higher is more
 * certain. Stateless.
 *
 * <p>The baseline is {@link #SCORE}: the maximum softmax probability usually serves to detect
 * unknown images (Hendrycks and Gimpel, A Baseline for Detecting Misclassified and
 * Out-of-Distribution Examples in Neural Networks, ICLR 2017).
 */
public enum Certainty {
  /** The mean, over the votes, of the networks' softmax probability for the winner. */
  SCORE {
    @Override
    double of(Fused fused, List<Vote> votes, Calibration calibration) {
      return fused.meanProbability();
    }
  },
  /** The score after the set's calibration. */
  CONFIDENCE {
    @Override
    double of(Fused fused, List<Vote> votes, Calibration calibration) {
      return calibration.apply(fused.meanProbability());
    }
  },
  /** The fused score of the winner minus that of the second class. */
  MARGIN {
    @Override
    double of(Fused fused, List<Vote> votes, Calibration calibration) {
      return fused.margin();
    }
  },
  /** The share of the votes whose most likely class is the winner. */
  AGREEMENT {
    @Override
    double of(Fused fused, List<Vote> votes, Calibration calibration) {
      long agreeing = votes.stream().filter(vote -> vote.first().index() == fused.winner()).count();
      return (double) agreeing / votes.size();
    }
  },
  /**
   * The sum of the fused scores of all classes in the votes; probability outside the top-k lowers
   * it.
   */
  NAMED {
    @Override
    double of(Fused fused, List<Vote> votes, Calibration calibration) {
      return fused.ranked().stream().mapToDouble(Fused.Scored::score).sum();
    }
  };

  abstract double of(Fused fused, List<Vote> votes, Calibration calibration);

  String label() {
    return Labels.of(this);
  }
}
