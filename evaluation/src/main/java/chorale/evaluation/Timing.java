package chorale.evaluation;

/**
 * Median times over all images, on one thread of the evaluating machine. Immutable.
 *
 * @param prepareMillis decode and resize
 * @param inferenceMillis the network alone
 */
public record Timing(double prepareMillis, double inferenceMillis) {}
