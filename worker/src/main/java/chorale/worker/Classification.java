package chorale.worker;

/**
 * One image's answer and what it took, in microseconds. Immutable.
 *
 * @param decodeMicros encoded bytes to pixels
 * @param preprocessMicros resize and normalisation
 * @param inferenceMicros the network
 */
public record Classification(
    Probabilities probabilities, int decodeMicros, int preprocessMicros, int inferenceMicros) {

  public int totalMicros() {
    return decodeMicros + preprocessMicros + inferenceMicros;
  }
}
