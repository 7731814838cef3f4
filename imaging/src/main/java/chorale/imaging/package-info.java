/**
 * Encoded images to upright RGB at a network's input size, within limits, by the filter that the
 * variants were trained with. No network, no bus and no setting is known here.
 */
package chorale.imaging;
