package chorale.protocol;

/**
 * The part of a network that a worker runs. Immutable.
 *
 * @param index from 1, in the order of execution
 * @param count number of stages of the network, 1 to {@link Limits#MAX_STAGES}; 1 for a whole
 *     network
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
