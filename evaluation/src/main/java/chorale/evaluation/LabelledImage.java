package chorale.evaluation;

import chorale.protocol.Bytes;

/**
 * One encoded image and what it shows. Immutable.
 *
 * @param name for people
 * @param label the name of its class
 */
public record LabelledImage(String name, String label, Bytes content) {}
