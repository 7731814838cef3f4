package chorale.imaging;

import java.util.Arrays;

/**
 * An image buffer that is filled row by row. Large images are downsampled by a box filter.
 *
 * <p>If an image has more than {@value #MAX_PIXELS} pixels, or {@value #MAX_SIDE} on a side, its
 * rows are reduced by whole factors as they arrive, so memory use is bounded. The reduced image is
 * still several times larger than a network's input; this changes the output of {@link Resize}
 * little. Blocks at the right and lower edges may be incomplete. One owning thread.
 */
final class Canvas {
  static final int MAX_PIXELS = 1 << 22;
  static final int MAX_SIDE = 8_192;

  private final int width;
  private final int height;
  private final int channels;
  private final int across;
  private final int down;
  private final byte[] samples;

  /** Sums over the rows of the current block; empty if the image is not reduced. */
  private final int[] sums;

  /**
   * @param channels 1 for gray or 3 for RGB
   */
  Canvas(int width, int height, int channels) {
    this.width = width;
    this.height = height;
    this.channels = channels;
    int x = 1;
    int y = 1;
    while (isLarge(ceilDiv(width, x), ceilDiv(height, y))) {
      if (ceilDiv(width, x) >= ceilDiv(height, y)) {
        x++;
      } else {
        y++;
      }
    }
    this.across = x;
    this.down = y;
    this.sums = new int[x * y == 1 ? 0 : channels * ceilDiv(width, x)];
    this.samples = new byte[channels * ceilDiv(width, x) * ceilDiv(height, y)];
  }

  /** Returns whether an image of this size is reduced. */
  static boolean isLarge(int width, int height) {
    return (long) width * height > MAX_PIXELS || Math.max(width, height) > MAX_SIDE;
  }

  /**
   * Adds the next row. Rows arrive from top to bottom; a progressive decoder repeats all rows.
   *
   * @param from index of the first sample; the samples of a pixel are adjacent
   */
  void put(int y, byte[] row, int from) {
    if (sums.length == 0) {
      System.arraycopy(row, from, samples, y * channels * width, channels * width);
      return;
    }
    if (y % down == 0) {
      Arrays.fill(sums, 0);
    }
    for (int c = 0; c < channels; c++) {
      add(row, from + c, c);
    }
    if (y % down == down - 1 || y == height - 1) {
      writeMeans(y);
    }
  }

  private void add(byte[] row, int from, int channel) {
    int at = from;
    int end = from + channels * width;
    for (int i = channel; i < sums.length; i += channels) {
      int sum = 0;
      for (int stop = Math.min(at + channels * across, end); at < stop; at += channels) {
        sum += row[at] & 0xFF;
      }
      sums[i] += sum;
    }
  }

  private void writeMeans(int y) {
    int rows = y % down + 1;
    int to = y / down * sums.length;
    for (int i = 0; i < sums.length; i++) {
      int count = rows * Math.min(across, width - i / channels * across);
      samples[to + i] = (byte) ((sums[i] + count / 2) / count);
    }
  }

  Pixels pixels() {
    return Pixels.packed(samples, ceilDiv(width, across), ceilDiv(height, down), channels);
  }

  static int ceilDiv(int value, int by) {
    return (value + by - 1) / by;
  }
}
