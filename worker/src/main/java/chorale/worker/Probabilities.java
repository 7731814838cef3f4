package chorale.worker;

import chorale.protocol.Ranked;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The softmax output of one variant for one image: one value per class of the model set. A network
 * that covers only a group of classes has 0 for each other class, and their total probability in
 * {@link #other}. Immutable.
 */
public final class Probabilities implements Engine.Output {
  private final float[] values;
  private final List<Integer> group;
  private final Optional<Double> other;

  private Probabilities(float[] values, List<Integer> group, Optional<Double> other) {
    this.values = values;
    this.group = group;
    this.other = other;
  }

  /**
   * Wraps an array without copying it. Values outside 0..1 due to rounding are set to the nearer
   * bound.
   *
   * @throws IllegalArgumentException no values, or a value that is not a number
   */
  public static Probabilities wrap(float[] values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("the network's output has no classes");
    }
    for (int i = 0; i < values.length; i++) {
      if (Float.isNaN(values[i])) {
        throw new IllegalArgumentException("the network's output contains NaN");
      }
      values[i] = Math.min(1, Math.max(0, values[i]));
    }
    return new Probabilities(values, List.of(), Optional.empty());
  }

  /** Reads the next values of a network's output, one per class. */
  public static Probabilities read(FloatBuffer output, int classCount) {
    float[] values = new float[classCount];
    output.get(values);
    return wrap(values);
  }

  /**
   * Maps these outputs to the classes of the model set. For a network for a group of classes, the
   * first output stands for all other classes, and the rest for the group's classes in order.
   *
   * @param group class indices; empty for a network for all classes, whose outputs stay unchanged
   */
  Probabilities of(List<Integer> group, int classCount) {
    if (group.isEmpty()) {
      return this;
    }
    float[] all = new float[classCount];
    for (int i = 0; i < group.size(); i++) {
      all[group.get(i)] = values[i + 1];
    }
    return new Probabilities(all, group, Optional.of((double) values[0]));
  }

  /** Returns the probability of all classes outside the network's group; empty without a group. */
  public Optional<Double> other() {
    return other;
  }

  public int classCount() {
    return values.length;
  }

  /** Returns the probability of a class, 0 to 1. */
  public double of(int classIndex) {
    return values[classIndex];
  }

  /**
   * Returns the most likely classes that the network covers, most likely first; on a tie, the lower
   * index first.
   *
   * @param k at least 1; all classes if there are fewer
   */
  public List<Ranked> topK(int k) {
    if (k < 1) {
      throw new IllegalArgumentException("k is " + k + " (allowed: at least 1)");
    }
    int count = Math.min(k, group.isEmpty() ? values.length : group.size());
    List<Ranked> ranked = new ArrayList<>(count);
    boolean[] taken = new boolean[values.length];
    for (int rank = 0; rank < count; rank++) {
      int best = -1;
      for (int i = 0; i < values.length; i++) {
        if (!taken[i]
            && (group.isEmpty() || group.contains(i))
            && (best < 0 || values[i] > values[best])) {
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
