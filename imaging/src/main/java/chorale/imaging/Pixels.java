package chorale.imaging;

import java.util.Objects;

/**
 * A view of eight-bit samples as an upright RGB image. Turning and mirroring only change where it
 * starts and how far apart its samples lie, so that no pixel is copied to set an image upright.
 * Shares its array with whoever decoded it; not changed by anybody afterwards.
 */
public final class Pixels {
  private final byte[] samples;
  private final Layout layout;
  private final int red;
  private final int green;
  private final int blue;

  /**
   * Where the pixels are.
   *
   * @param origin index of the upper left pixel
   * @param xStep from a pixel to its right neighbour
   * @param yStep from a pixel to the one below
   */
  record Layout(int width, int height, int origin, int xStep, int yStep) {

    /** As seen upright when the camera noted this Exif orientation (Exif 2.3, section 4.6.4). */
    Layout upright(int orientation) {
      return switch (orientation) {
        case 2 -> mirrored();
        case 3 -> mirrored().flipped();
        case 4 -> flipped();
        case 5 -> transposed();
        case 6 -> transposed().mirrored();
        case 7 -> transposed().mirrored().flipped();
        case 8 -> transposed().flipped();
        default -> this;
      };
    }

    private Layout mirrored() {
      return new Layout(width, height, origin + (width - 1) * xStep, -xStep, yStep);
    }

    private Layout flipped() {
      return new Layout(width, height, origin + (height - 1) * yStep, xStep, -yStep);
    }

    private Layout transposed() {
      return new Layout(height, width, origin, yStep, xStep);
    }
  }

  /**
   * @param offsets of red, green and blue from the index of a pixel; all the same for gray
   */
  Pixels(byte[] samples, Layout layout, int[] offsets) {
    this.samples = Objects.requireNonNull(samples, "samples");
    this.layout = Objects.requireNonNull(layout, "layout");
    this.red = offsets[0];
    this.green = offsets[1];
    this.blue = offsets[2];
  }

  public int width() {
    return layout.width();
  }

  public int height() {
    return layout.height();
  }

  Pixels upright(int orientation) {
    return new Pixels(samples, layout.upright(orientation), new int[] {red, green, blue});
  }

  /**
   * Writes a row as numbers from 0 to 255: all its reds, then its greens, then its blues.
   *
   * @param target has room for three times the width from {@code from} on
   */
  void copyRow(int y, float[] target, int from) {
    int width = layout.width();
    int step = layout.xStep();
    int at = layout.origin() + y * layout.yStep();
    for (int x = from; x < from + width; x++) {
      target[x] = samples[at + red] & 0xFF;
      target[width + x] = samples[at + green] & 0xFF;
      target[2 * width + x] = samples[at + blue] & 0xFF;
      at += step;
    }
  }
}
