package chorale.evaluation;

import chorale.protocol.Bytes;

/**
 * An encoded image and its label. Immutable.
 *
 * @param name for messages and reports
 * @param label the name of its class
 */
public record LabeledImage(String name, String label, Bytes content) {}
