package chorale.evaluation;

import chorale.aggregator.fusion.Fused;
import chorale.aggregator.fusion.Vote;
import chorale.protocol.Calibration;
import chorale.protocol.Labels;
import java.util.List;

/**
 * A measure of how sure a fused answer is, from what replies carry: 0 to 1, larger is surer.
 *
 * <p>The score is the maximum softmax probability of a network, averaged over the votes, which is
 * the usual baseline for detecting unknown images (Hendrycks and Gimpel, A Baseline for Detecting
 * Misclassified and Out-of-Distribution Examples in Neural Networks, ICLR 2017).
 */
public enum Certainty {
  /** The fused mean probability of the winner. */
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
  /** The fused scores of all classes that some vote names: what the top-k leave out lowers it. */
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
