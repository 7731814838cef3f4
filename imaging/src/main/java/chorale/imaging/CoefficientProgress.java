package chorale.imaging;

import java.util.Arrays;

/**
 * A record of which coefficient bits of one component the scans have delivered and, for progressive
 * images, which coefficients are nonzero. Owned by one {@link JpegParser}. Source: ITU-T T.81
 * G.1.1.1 (order of scans).
 */
final class CoefficientProgress {
  private static final byte NOTHING = 14;

  /** Low bits still missing for each coefficient; {@link #NOTHING} before its first scan. */
  private final byte[] missing = new byte[64];

  /** For each block a bit set of its nonzero coefficients; empty for sequential images. */
  private final long[] nonZero;

  CoefficientProgress(int blocks) {
    Arrays.fill(missing, NOTHING);
    this.nonZero = new long[blocks];
  }

  long[] nonZero() {
    return nonZero;
  }

  /**
   * Records the bits of a scan.
   *
   * @throws ImageRejectedException {@code DAMAGED}: an earlier scan is missing, or this one is
   *     repeated
   */
  void scan(ScanHeader header) throws ImageRejectedException {
    boolean orderly = header.first() == 0 || missing[0] != NOTHING;
    for (int i = header.first(); i <= header.last(); i++) {
      orderly &= missing[i] == (header.high() == 0 ? NOTHING : header.high());
      missing[i] = (byte) header.low();
    }
    if (!orderly) {
      throw ImageRejectedException.damaged("image data is broken: scans are missing or repeated");
    }
  }

  /** Returns whether all bits of all coefficients were received. */
  boolean isComplete() {
    for (byte bits : missing) {
      if (bits != 0) {
        return false;
      }
    }
    return true;
  }
}
