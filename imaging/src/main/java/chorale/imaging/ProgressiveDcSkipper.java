package chorale.imaging;

/**
 * A skipper for progressive DC scans (ITU-T T.81 G.1.2.1). The first scan contains the high bits of
 * a coefficient, each refinement scan one more bit.
 */
final class ProgressiveDcSkipper extends BlockSkipper {
  private final boolean refining;

  ProgressiveDcSkipper(EntropyReader reader, ScanHeader header) {
    super(reader);
    this.refining = header.high() > 0;
  }

  @Override
  boolean skip(ScanComponent component, int block) {
    if (refining) {
      reader.take(1);
      return true;
    }
    return skipDc(component);
  }
}
