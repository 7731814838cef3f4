package chorale.imaging;

/**
 * A reader of baseline and extended sequential blocks: one DC and 63 AC coefficients (ITU-T T.81
 * F.2.2).
 */
final class SequentialSkipper extends BlockSkipper {
  SequentialSkipper(EntropyReader reader) {
    super(reader);
  }

  @Override
  boolean skip(ScanComponent component, int block) {
    return skipDc(component) && reader.skipCoefficients(component);
  }
}
