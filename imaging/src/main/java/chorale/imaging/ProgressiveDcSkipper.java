package chorale.imaging;

/**
 * A reader of progressive DC scans: the high bits of a coefficient, or one more bit (ITU-T T.81
 * G.1.2.1).
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
