package chorale.evaluation;

/**
 * The accuracy, calibration and speed of one network alone. Immutable.
 *
 * @param accuracy share of the images whose top class is correct
 * @param ece expected calibration error of the top class's probability
 */
public record Metrics(Network network, double accuracy, double ece, Timing timing) {}
