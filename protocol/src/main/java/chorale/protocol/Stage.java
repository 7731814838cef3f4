package chorale.protocol;

/**
 * Which part of its network a worker runs. A whole network is its own only stage. Immutable.
 *
 * @param index from 1, in the order in which tensors travel
 * @param count of all stages of the network, 1 to {@link Limits#MAX_STAGES}
 */
public record Stage(int index, int count) {
  public static final Stage WHOLE = new Stage(1, 1);

  public Stage {
    if (count < 1 || count > Limits.MAX_STAGES || index < 1 || index > count) {
      throw new IllegalArgumentException(
          "stage " + index + " of " + count + " (allowed: 1 to 16 stages, counted from 1)");
    }
  }

  public boolean isFirst() {
    return index == 1;
  }

  @Override
  public String toString() {
    return index + " of " + count;
  }
}
