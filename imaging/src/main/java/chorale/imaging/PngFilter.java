package chorale.imaging;

/** The reconstruction of filtered PNG rows. Source: PNG (third edition) section 9. */
final class PngFilter {
  private static final int NONE = 0;
  private static final int SUB = 1;
  private static final int UP = 2;
  private static final int AVERAGE = 3;
  private static final int PAETH = 4;

  private PngFilter() {}

  /**
   * Reconstructs a row in place; its first byte is the filter type.
   *
   * @param above the reconstructed row above; zeros for the first row
   * @param end index after the last byte of the row
   * @param step bytes a pixel, at least 1
   * @return false if there is no such filter type
   */
  static boolean undo(byte[] line, byte[] above, int end, int step) {
    switch (line[0]) {
      case NONE -> {}
      case SUB -> {
        for (int i = 1 + step; i < end; i++) {
          line[i] += line[i - step];
        }
      }
      case UP -> {
        for (int i = 1; i < end; i++) {
          line[i] += above[i];
        }
      }
      case AVERAGE -> {
        for (int i = 1; i < end; i++) {
          int left = i > step ? line[i - step] & 0xFF : 0;
          line[i] += (byte) ((left + (above[i] & 0xFF)) >> 1);
        }
      }
      case PAETH -> paeth(line, above, end, step);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void paeth(byte[] line, byte[] above, int end, int step) {
    for (int i = 1; i < Math.min(1 + step, end); i++) {
      line[i] += above[i];
    }
    for (int i = 1 + step; i < end; i++) {
      int left = line[i - step] & 0xFF;
      int up = above[i] & 0xFF;
      int corner = above[i - step] & 0xFF;
      int toLeft = Math.abs(up - corner);
      int toUp = Math.abs(left - corner);
      int toCorner = Math.abs(left + up - 2 * corner);
      int nearest = toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
      line[i] += (byte) nearest;
    }
  }
}
