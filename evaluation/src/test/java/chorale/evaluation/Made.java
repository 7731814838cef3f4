package chorale.evaluation;

import chorale.protocol.Calibration;
import chorale.worker.Classification;
import chorale.worker.Probabilities;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Networks and outputs for tests. */
public final class Made {
  private Made() {}

  public static Network network(String id, int inputSize) {
    return new Network(
        id,
        "mobilenetv2",
        .35,
        inputSize,
        new Network.Cost(inputSize * 1_000L, 300_000),
        new Network.Cost(inputSize * 1_001L, 310_000),
        1_000_000);
  }

  public static EvaluatedSet set(List<String> classes, Network... variants) {
    return new EvaluatedSet("made", classes, Calibration.NONE, List.of(variants), Optional.empty());
  }

  /** Returns an answer with this inference time, decode 300 us and resize 100 us. */
  public static Classification answer(int inferenceMicros, double... probabilities) {
    float[] values = new float[probabilities.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) probabilities[i];
    }
    return new Classification(Probabilities.wrap(values), 300, 100, inferenceMicros);
  }

  /** Returns random softmax outputs with a bias toward the label. */
  public static Outputs random(EvaluatedSet set, int images, long seed) {
    Random random = new Random(seed);
    Outputs outputs = new Outputs(set);
    int classes = set.classes().size();
    for (int image = 0; image < images; image++) {
      int label = random.nextInt(classes);
      List<Classification> answers = new ArrayList<>();
      for (int network = 0; network < set.networks().size(); network++) {
        double[] raw = new double[classes];
        double sum = 0;
        for (int c = 0; c < classes; c++) {
          raw[c] = Math.exp(2 * random.nextGaussian() + (c == label ? 2 : 0));
          sum += raw[c];
        }
        for (int c = 0; c < classes; c++) {
          raw[c] /= sum;
        }
        answers.add(answer(1_000, raw));
      }
      outputs.add(label, answers);
    }
    return outputs;
  }
}
