package chorale.imaging;

import java.util.List;

/**
 * The color model of a JPEG's components. Files contradict themselves, and decoders resolve that
 * differently. Only the rules here apply, and the normalized stream states their outcome.
 *
 * <ol>
 *   <li>One component: gray.
 *   <li>Four components: CMYK, or YCCK if an Adobe segment has transform 2. With an Adobe segment
 *       the samples are inverted, as Adobe's programs store them.
 *   <li>Three components with an Adobe segment: RGB for transform 0, YCbCr otherwise. Adobe has
 *       priority over JFIF, which has no transform. Exception: subsampled components with a JFIF
 *       segment are YCbCr, since encoders do not subsample green.
 *   <li>Three components with the ids 'R', 'G', 'B': RGB.
 *   <li>All other images of three components: YCbCr.
 * </ol>
 *
 * <p>ICC profiles are ignored: networks are trained on samples as stored. Sources: ITU-T T.871
 * (JFIF), ITU-T T.872 section 6.5.3 (Adobe segment).
 */
enum JpegColor {
  GRAY,
  YCBCR,
  RGB,
  CMYK,
  YCCK;

  /** No Adobe segment, or one that is too short to contain a transform. */
  static final int NO_ADOBE = -1;

  /**
   * @param adobe the Adobe segment's transform, or {@link #NO_ADOBE}
   * @param jfif whether there is a JFIF segment
   */
  static JpegColor of(JpegFrame frame, int adobe, boolean jfif) {
    int count = frame.components().size();
    if (count != 3) {
      return count == 1 ? GRAY : adobe == 2 ? YCCK : CMYK;
    }
    if (adobe != NO_ADOBE) {
      return adobe == 0 && !(jfif && frame.isSubsampled()) ? RGB : YCBCR;
    }
    return hasIds(frame, 'R', 'G', 'B') ? RGB : YCBCR;
  }

  private static boolean hasIds(JpegFrame frame, int first, int second, int third) {
    List<JpegFrame.Component> components = frame.components();
    return components.get(0).id() == first
        && components.get(1).id() == second
        && components.get(2).id() == third;
  }
}
