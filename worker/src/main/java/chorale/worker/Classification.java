package chorale.worker;

/**
 * The classification of one image, with the times of its steps in microseconds. Immutable.
 *
 * @param decodeMicros encoded bytes to pixels
 * @param preprocessMicros resizing and normalization
 * @param inferenceMicros the network
 */
public record Classification(
    Probabilities probabilities, int decodeMicros, int preprocessMicros, int inferenceMicros) {

  public int totalMicros() {
    return decodeMicros + preprocessMicros + inferenceMicros;
  }
}
