package chorale.protocol;

/**
 * A class and its probability in a worker's top-k. Immutable.
 *
 * @param index into the class list, from 0
 * @param probability raw softmax probability, 0 to 1
 */
public record Ranked(int index, double probability) {
  public Ranked {
    if (index < 0 || index >= Limits.MAX_CLASSES) {
      throw new IllegalArgumentException("class index " + index + " is out of range");
    }
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException("probability " + probability + " is outside 0..1");
    }
  }
}
