package chorale.evaluation;

/**
 * Medians over all images, on one thread of the machine that evaluated.
 *
 * @param prepareMillis decode and resize
 * @param inferenceMillis the network alone
 */
public record Timing(double prepareMillis, double inferenceMillis) {}
