package chorale.evaluation;

/**
 * The accuracy, calibration and speed of one network alone. Immutable.
 *
 * @param accuracy share of the images whose most likely class is right
 * @param ece expected calibration error of the probability of its most likely class
 */
public record Metrics(Network network, double accuracy, double ece, Timing timing) {}
