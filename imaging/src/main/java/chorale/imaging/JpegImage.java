package chorale.imaging;

import chorale.protocol.Bytes;

/**
 * A JPEG whose scans are all checked, with its normalized stream. Immutable.
 *
 * @param inverted whether CMYK samples are inverted
 * @param orientation as in Exif, 1 to 8
 * @param encoded SOI, a JFIF or Adobe segment for {@code color}, the tables, the frame, the scans,
 *     EOI
 */
record JpegImage(
    JpegFrame frame, JpegColor color, boolean inverted, int orientation, Bytes encoded) {}
