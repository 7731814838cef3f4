/**
 * Decoding of images to upright RGB at a network's input size, within limits, with the filter that
 * the variants were trained with. Independent of networks, bus and settings.
 */
package chorale.imaging;
