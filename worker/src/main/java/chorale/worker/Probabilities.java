package chorale.worker;

import chorale.protocol.Ranked;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/** The softmax output of one variant for one image, one value per class. Immutable. */
public final class Probabilities implements Engine.Output {
  private final float[] values;

  private Probabilities(float[] values) {
    this.values = values;
  }

  /**
   * Takes over an array without copying it. What rounding puts outside 0..1 is set to the nearer
   * bound.
   *
   * @throws IllegalArgumentException no values, or one that is not a number
   */
  public static Probabilities wrap(float[] values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("a network with no classes");
    }
    for (int i = 0; i < values.length; i++) {
      if (Float.isNaN(values[i])) {
        throw new IllegalArgumentException("the network's output is not a number");
      }
      values[i] = Math.min(1, Math.max(0, values[i]));
    }
    return new Probabilities(values);
  }

  /** Takes the next values of a network's output, one per class. */
  public static Probabilities read(FloatBuffer output, int classCount) {
    float[] values = new float[classCount];
    output.get(values);
    return wrap(values);
  }

  public int classCount() {
    return values.length;
  }

  /** 0 to 1. */
  public double of(int classIndex) {
    return values[classIndex];
  }

  /**
   * The most likely classes, most likely first; of equals the lower index comes first.
   *
   * @param k at least 1; all classes where there are fewer
   */
  public List<Ranked> topK(int k) {
    if (k < 1) {
      throw new IllegalArgumentException("k is " + k + " (allowed: at least 1)");
    }
    int count = Math.min(k, values.length);
    List<Ranked> ranked = new ArrayList<>(count);
    boolean[] taken = new boolean[values.length];
    for (int rank = 0; rank < count; rank++) {
      int best = -1;
      for (int i = 0; i < values.length; i++) {
        if (!taken[i] && (best < 0 || values[i] > values[best])) {
          best = i;
        }
      }
      taken[best] = true;
      ranked.add(new Ranked(best, values[best]));
    }
    return ranked;
  }

  @Override
  public String toString() {
    return "Probabilities" + topK(2);
  }
}
