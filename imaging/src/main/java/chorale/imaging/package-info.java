/**
 * Images as every part of Chorale reads and narrows them: decode with limits, set upright, resize
 * by the one filter that the variants were trained with. Knows nothing of networks or buses.
 */
package chorale.imaging;
